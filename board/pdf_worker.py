"""The renderer's own process: reads jobs from its standard input, a socket, until it closes.

Started by board/pdf.py as a script. It knows neither Django nor our settings.
"""

import base64
import functools
import gc
import json
import re
import resource
import socket
import struct
import sys
import traceback
from xml.etree import ElementTree

# Twice what the largest paper needed.
MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
SHEETS = 16
# Letters that fit one line of a numbered paragraph.
LONGEST_PIECE = 68


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Half a second and Pango: only this process pays for it.
    import weasyprint
    from weasyprint.css.counters import CounterStyle
    from weasyprint.pdf import tags
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    usual_tag = tags._get_pdf_tag
    # The style sheet writes a list's marks as first words of its items; they are labels still.
    tags._get_pdf_tag = lambda name: "Lbl" if name == "li::before" else usual_tag(name)

    class Memory(URLFetcher):
        """Serves the job's own files. Everything else is refused, disk and network alike."""

        def __init__(self, files: dict[str, bytes]) -> None:
            super().__init__()
            self.files = files

        def fetch(self, url, headers=None):
            scheme, _, name = url.partition(":")
            if scheme != "memory" or name not in self.files:
                raise ValueError("The page may refer to nothing outside itself.")
            return URLFetcherResponse(url, self.files[name])

    our_counters = CounterStyle()
    # The fonts of the machine, asked for once: no paper brings one of its own, and none is fetched.
    fonts = FontConfiguration()

    @functools.lru_cache(maxsize=SHEETS)
    def sheet(css: str):
        """Our own style sheets are few, and read once: what people type is never among them."""
        return weasyprint.CSS(string=css, url_fetcher=Memory({}), counter_style=our_counters)

    def render(html: str, title: str, css: list[str], files: dict[str, bytes]) -> bytes:
        fetcher = Memory(files)
        source = weasyprint.HTML(string=html, base_url="memory:", url_fetcher=fetcher)
        keep_addresses_whole(source.etree_element)
        sheets = [sheet(each) for each in css]
        # The hints make <ol start> count; what people type cannot bring other attributes.
        document = source.render(
            stylesheets=sheets,
            font_config=fonts,
            counter_style=our_counters.copy(),
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
            presentational_hints=True,
        )
        for page in document.pages:
            # One link, one annotation: what stands inside a link is no link of its own.
            page.links[:] = [link for link in page.links if link[-1].element_tag == "a"]
        document.metadata.title = title
        document.metadata.authors = []
        return document.write_pdf(finisher=finish, pdf_variant="pdf/ua-1", pdf_tags=True)

    line = socket.socket(fileno=sys.stdin.fileno())
    render("<html lang=en-GB><p><b>1</b> 2", "", ["@page { @top-left { content: 'x' } }"], {})
    # Clean up between papers, when nobody waits.
    gc.freeze()
    gc.disable()
    while header := receive(line, 8):
        job = json.loads(receive(line, struct.unpack("!Q", header)[0]))
        files = {name: base64.b64decode(data) for name, data in job["files"].items()}
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        reason = ""
        try:
            answer = render(job["html"], job["title"], job["css"], files)
        except RecursionError:
            reason = "deep"
        except MemoryError:
            reason = "memory"
        except Exception:
            reason = f"failed\n{traceback.format_exc()}"
        if reason:
            answer = reason.encode("utf-8", "replace")
        line.sendall(struct.pack("!cQ", b"E" if reason else b"P", len(answer)) + answer)
        if reason:
            return
        gc.collect()


def keep_addresses_whole(root) -> None:
    """Break a bare address after a slash only: a break at a hyphen reads as if it were ours."""
    for link in root.iter("a"):
        if link.get("class") != "address" or len(link) or not link.text:
            continue
        parts = re.findall(r"[a-z]+://[^/]*/?|[^/]+/?|/", link.text)
        link.text = None
        for part in parts:
            piece = ElementTree.SubElement(link, "span")
            piece.text = part
            if len(part) <= LONGEST_PIECE:
                piece.set("class", "address__part")


def finish(document, pdf) -> None:
    """Four things the renderer leaves undone for readers who listen."""
    objects = {item.reference: item for item in pdf.objects}
    for item in pdf.objects:
        if not isinstance(item, dict):
            continue
        if item.get("S") == "/Lbl":
            put_label_first(item, objects)
        if item.get("Subtype") == "/Link":
            item["F"] = 4  # a link is printed as it is shown
        if item.get("S") == "/TR":
            tie_cells([objects[reference] for reference in item["K"]])
    root = objects[pdf.catalog["StructTreeRoot"]]
    silence_frame(root, objects)


def put_label_first(label, objects: dict) -> None:
    """A label stands in its list item, before the body; not within the body."""
    parent = objects[label["P"]]
    parent["K"].remove(label.reference)
    while parent["S"] != "/LI":
        parent = objects[parent["P"]]
    parent["K"].insert(0, label.reference)
    label["P"] = parent.reference


def silence_frame(root: dict, objects: dict) -> None:
    """Running lines at the edge of a page are no content: tag them as artifacts."""
    heard = set()
    waiting = list(root["K"])
    while waiting:
        reference = waiting.pop()
        heard.add(reference)
        kids = objects[reference].get("K", ())
        waiting += [kid for kid in kids if isinstance(kid, bytes)]
    pages = {}
    for item in objects.values():
        if isinstance(item, dict) and item.get("Type") == "/Page":
            pages[item["StructParents"]] = item
    numbers = objects[root["ParentTree"]]["Nums"]
    for number, owners in zip(numbers[::2], numbers[1::2], strict=True):
        if not isinstance(owners, list):
            continue  # a link's own entry
        silent = {mcid for mcid, owner in enumerate(owners) if owner not in heard}
        for mcid in silent:
            owners[mcid] = b"null"
        content = objects[pages[number]["Contents"]].stream
        for at, item in enumerate(content):
            if isinstance(item, dict) and item.get("MCID") in silent:
                content[at - 1] = b"/Artifact"
                content[at] = b"<</Type /Pagination>>"


def tie_cells(cells: list[dict]) -> None:
    """In a row of labels and values a value belongs to the label before it, not to all."""
    if sum(cell["S"] == "/TH" for cell in cells) < 2:
        return
    label = None
    for cell in cells:
        if cell["S"] == "/TH":
            label = cell.get("ID")
        elif label is not None:
            cell["A"]["Headers"][:] = [label]


def receive(line: socket.socket, length: int) -> bytes:
    """Exactly `length` bytes, or none when the other end has closed."""
    data = bytearray()
    while len(data) < length:
        part = line.recv(min(length - len(data), 1 << 20))
        if not part:
            return b""
        data += part
    return bytes(data)


if __name__ == "__main__":
    main()
