"""The download site: static pages for the public, made of the releases and nothing else.

    build.build(output, catalog)      bring output/site/ up to the releases, and switch to it at once
    build.build_of(project)           the same, by the project's catalog and settings
    build.rebuild(output, catalog)    the same after a release, which stands even where this fails
    pages.write_pages(...)            which pages there are

A page is a function of what was released; the same releases give the same bytes, whether a
page is made anew or kept from the last site. No page loads anything from another host, and
each can be read without its script.
"""
