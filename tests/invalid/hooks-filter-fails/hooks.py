def setup(hooks):
    @hooks.filter
    def half(number):
        return number / 0
