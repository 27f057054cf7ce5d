"""The reference of the code: a page for each room, module, class and function of `ssg`."""
