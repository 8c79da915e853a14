"""The download site: static pages for the public, made of the releases and nothing else.

    build(output, catalog)     output/site/ anew, switched in at once

A page is a function of what was released; the same releases give the same bytes. No page
asks for anything from elsewhere, and each reads as well without its script.
"""

from pipeline.site.building import build

__all__ = ["build"]
