"""The officer's desk: a local page that shows what a night doubts, and writes what nights read.

It holds no truth of its own: decisions/, the sidecars of raw/ and catalog/ are what it reads and
writes, whoever else does meanwhile. A night that it starts is a process of its own.

    access              who may come in, and from where
    server              the port, the link and the process
    app                 addresses, and the screens behind them: *_screen.py
    article_cache       articles, read when they are looked at
    cards               the queue: what is doubted, a card a cause
    deciding            a key pressed, as decisions in their files
    marked_sentences    sentences whose figures were corrected, for `wenshu train`
    forms, drafts       indicators and concepts as they are typed, tried over articles, and written
    running             a night, or training, as a process, and how far it is
"""
