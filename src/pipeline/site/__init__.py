"""The download site: static pages for the public, made of the releases and nothing else.

    build.build(output, catalog)     output/site/ for what is released now, switched in at once
    building.rebuild(output, catalog)   the same after a release, which stands whatever becomes of its site

A page is a function of what was released; the same releases give the same bytes, whether a
page is made anew or kept from the site before. No page asks for anything from elsewhere, and
each reads as well without its script.
"""
