"""The engine of images: reads pictures, and makes variants of them with Pillow.

Only this room imports Pillow, and only in processes of its own: `encoder_process` decodes one
picture after another under limits of time and memory. `picture_header` needs no Pillow.
"""
