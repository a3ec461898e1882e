"""The static files as they are served: few and small. In `static/`, and with LINEAGE_DEBUG=1, they stay as written."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import zopfli.gzip
from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from lineage_site.linking import Linked, link_modules, link_styles, minify_script

# the modules that pages name, those first that are on more pages
MODULES = ("js/app.js", "js/lineage/index.js")
SCRIPTS = ("js/theme.js",)
STYLES = "css/layers.css"
OURS = ("css/", "img/", "js/", "vendor/")
TYPES = (".d.ts", ".d.mts")


class SiteFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Links our modules and style sheets and shortens them; then names every file by its content and compresses it."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:  # noqa: FBT001, FBT002 - Django's
        """See Django. `paths` tells where what was collected came from, and afterwards what is served."""
        if not dry_run:
            self._link(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _link(self, paths: dict[str, Any]) -> None:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                text: str = file.read().decode()
            return text

        scripts = {name: minify_script(read(name)) for name in SCRIPTS}
        made = [link_modules(MODULES, read, settings.STATIC_URL), link_styles(STYLES, read), Linked(scripts, set())]
        files = {name: text for linked in made for name, text in linked.files.items()}
        for name in [name for name in paths if name.startswith(("css/", "js/")) or name.endswith(TYPES)]:
            self.delete(name)
            del paths[name]
        for name, text in files.items():
            self.save(name, ContentFile(text.encode()))
            paths[name] = (self, name)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress ours as far as gzip goes, some 4 % below zlib; for the admin site's it would take seconds."""
        for name, packed in super().compress_files(paths):
            if name.startswith(OURS) and packed.endswith(".gz"):
                content = Path(self.path(name)).read_bytes()
                Path(self.path(packed)).write_bytes(zopfli.gzip.compress(content, numiterations=1))
            yield name, packed
