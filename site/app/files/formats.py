"""What a file is by its first bytes, so that a sentence can say why it is not read and what to do."""

HEAD = 1024  # bytes that tell
OPENED_EVERYWHERE = ("a PNG picture", "a JPEG picture", "a GIF picture", "a BMP picture", "a WebP picture")
SVG = "an SVG drawing"
PDF = "a PDF document"
HEIC = "a HEIC photo"
OFFICE = "an office document or an archive"
VIDEO = "a video"
WEB_PAGE = "a web page"
TEXT = "a text file"
SAVE = "Save it as JPEG or PNG and open that."
SCREENSHOT = "Take a screenshot of it and open that."
ADVICE = {  # where it is another than SAVE
    SVG: SCREENSHOT,
    PDF: "Take a screenshot of the page, or save it as a picture, and open that.",
    HEIC: "Save it as JPEG or PNG, or take a screenshot of it, and open that.",
    OFFICE: "Take a screenshot of what is in it, or save that as a picture, and open that.",
    VIDEO: SCREENSHOT,
}

SIGNATURES = (  # where, what stands there, what it is
    (0, b"\x89PNG\r\n", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a BMP picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"II*\0", "a TIFF or raw camera picture"),
    (0, b"MM\0*", "a TIFF or raw camera picture"),
    (0, b"II+\0", "a TIFF or raw camera picture"),
    (0, b"MM\0+", "a TIFF or raw camera picture"),
    (0, b"FUJIFILMCCD-RAW", "a raw camera picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (4, b"JXL ", "a JPEG XL picture"),
    (4, b"jP  ", "a JPEG 2000 picture"),
    (0, b"8BPS", "a Photoshop picture"),
    (0, b"gimp xcf", "a GIMP picture"),
    (0, b"%PDF-", PDF),
    (0, b"PK\3\4", OFFICE),
    (0, b"\x1a\x45\xdf\xa3", VIDEO),
    (8, b"AVI ", VIDEO),
)
BRANDS = {  # of files that begin with a box "ftyp"; any other is a video
    HEIC: (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
    "an AVIF picture": (b"avif", b"avis"),
    "a raw camera picture": (b"crx ",),
}


def kind(head):
    """What the bytes `head` begin, as words for a sentence; "" where they tell nothing."""
    if head[4:8] == b"ftyp":
        return brand(head)
    for start, mark, name in SIGNATURES:
        if head[start : start + len(mark)] == mark:
            return name
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start[:14] == b"<!doctype html" or start[:5] == b"<html":
        return WEB_PAGE
    if start[:1] == b"<" and b"<svg" in head:
        return SVG
    return TEXT if head and not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head) and _is_utf8(head) else ""


def _is_utf8(head):
    for cut in range(4):  # `head` may end within a character
        try:
            head[: len(head) - cut].decode()
            return len(head) > cut
        except (UnicodeError, ValueError):
            pass
    return False


def brand(head):
    # An AVIF may name itself a mif1, the still picture in general, and say which only among its compatible brands.
    size = int.from_bytes(head[:4], "big")
    compatible = [head[i : i + 4] for i in range(16, min(size, len(head)), 4)]
    if b"avif" in compatible:
        return "an AVIF picture"
    for name, brands in BRANDS.items():
        if head[8:12] in brands:
            return name
    return VIDEO


def refusal(name, head):
    """Why the browser cannot open the file `name` that begins with the bytes `head`, and what to do."""
    if not head:
        return f"{name} is empty."
    found = kind(head)
    if not found:
        return f"This browser cannot open {name} as a picture."
    if found in OPENED_EVERYWHERE:
        return f"{name} is {found}, but a damaged one: it cannot be opened."
    if found in (TEXT, WEB_PAGE):  # a download that failed saves one under the picture's name
        return f"{name} is {found}, not a picture. Open a photo or a screenshot of the number."
    return f"{name} is {found}, which cannot be opened here. {ADVICE.get(found, SAVE)}"
