"""What is remembered of articles and their readings between nights, in output/.cache/.

Begin with `database`, the files of raw/ and the articles in them; what each article was read to is in the
Arrow files of `shards`. `articles` brings the cache up to date with raw/, and `article_state` says what has
to be read again. The whole cache may be deleted at any time.
"""
