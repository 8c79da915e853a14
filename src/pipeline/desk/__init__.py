"""The officer's desk: a local page that shows what a run doubts, and writes what runs read.

It has no state of its own: it reads and writes decisions/, the sidecars of raw/ and catalog/, which
others may edit meanwhile. A run that it starts is a process of its own.

    access              who may come in, and from where
    server              the port and the process
    app                 the application: routes of the screens, *_screen.py and catalog_screens
    articles            articles, read when they are looked at
    cards               the queue: what is doubted, a card for each cause
    deciding            a key pressed, as a decision in its file
    entry_*             indicators and concepts as they are typed, tried over articles, and written
    running             a run, or training, as a process, and its progress
"""
