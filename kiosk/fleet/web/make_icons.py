"""Make the web app's icons from the storefront sign: cloudberry ground, safe for any mask.

By hand, when the mark changes (the results are committed), with the project's own Chromium:
    .venv/bin/python kiosk/fleet/web/make_icons.py
"""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SIZES_PX = (192, 512)


def main() -> None:
    """Write icon.svg and its pictures."""
    sprite = (HERE / "signs.svg").read_text("utf-8")
    found = re.search(r'<symbol id="storefront"[^>]*>(.*?)</symbol>', sprite)
    assert found is not None
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">'
        '<path d="M0 0h512v512H0z" fill="#ffc63f"/>'
        f'<g transform="translate(116 116) scale(1.094)" fill="#10211b">{found[1]}</g></svg>\n'
    )
    rounded = drawing.replace(
        '<path d="M0 0h512v512H0z"', '<rect width="512" height="512" rx="128"'
    )
    (HERE / "icons" / "icon.svg").write_text(rounded, "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for size in SIZES_PX:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawing}")
            page.screenshot(path=HERE / "icons" / f"icon-{size}.png")
        browser.close()


if __name__ == "__main__":
    main()
