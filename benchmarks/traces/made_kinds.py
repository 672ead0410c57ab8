"""Pictures that are no photographs, made at random: pages, receipts, cards, feeds, drawings, prints, fields.

Each function gives (H, W, 3) uint8 RGB pixels of one picture. Photographs that lie in one are handed in. What
the rules are tried on afterwards, real screenshots and diagrams, is kept apart in `scope.py`.
"""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Pixels = np.ndarray
WORDS = [
    "the",
    "house",
    "stands",
    "by",
    "a",
    "river",
    "and",
    "nobody",
    "knows",
    "who",
    "built",
    "it",
    "in",
    "spring",
    "water",
    "rises",
    "over",
    "meadow",
    "road",
    "then",
    "boats",
    "are",
    "tied",
    "to",
    "trees",
    "Total",
    "Date",
    "Invoice",
    "Amount",
    "Name",
    "Address",
    "City",
    "Street",
    "Number",
    "Order",
    "Payment",
    "Account",
]
FACES = [
    "DejaVuSans.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSansCondensed.ttf",
    "DejaVuSans-Bold.ttf",
    "",
]


def font(rng: np.random.Generator, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    name = FACES[int(rng.integers(len(FACES)))]
    try:
        return ImageFont.truetype(name, int(size)) if name else ImageFont.load_default(int(size))
    except OSError:
        return ImageFont.load_default(int(size))


def words(rng: np.random.Generator, count: int) -> str:
    return " ".join(rng.choice(WORDS, max(1, count)))


def shade(rng: np.random.Generator, low: int, high: int) -> tuple[int, int, int]:
    base = int(rng.integers(low, high))
    return tuple(int(v) for v in np.clip(base + rng.integers(-8, 9, 3), 0, 255))


def page(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """A page of text, perhaps with a heading, a table or two columns."""
    width = int(rng.integers(600, 1500))
    height = int(width * rng.uniform(0.7, 1.45))
    size = width / rng.uniform(28, 75)
    sheet = Image.new("RGB", (width, height), shade(rng, 238, 256))
    draw, face, ink = ImageDraw.Draw(sheet), font(rng, size), shade(rng, 5, 60)
    margin, columns = int(width * rng.uniform(0.04, 0.12)), int(rng.integers(1, 3))
    for column in range(columns):
        left = margin + column * (width - 2 * margin) // columns
        room = (width - 2 * margin) // columns - size
        y = float(margin)
        while y < height - margin:
            if rng.random() < 0.88:
                draw.text((left, y), words(rng, int(room / size / 3.2 * rng.uniform(0.5, 1))), ink, face)
            y += size * rng.uniform(1.25, 1.6)
    if rng.random() < 0.4:
        draw.line((margin, margin, width - margin, margin), ink, 2)
    return np.asarray(sheet)


def receipt(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """The paper of a receipt: few large lines, prices at the right."""
    width = int(rng.integers(360, 900))
    size = width / rng.uniform(13, 32)
    rows = int(rng.integers(8, 30))
    height = int((rows + 3) * size * 1.6)
    paper = Image.new("RGB", (width, height), shade(rng, 220, 252))
    draw, face, ink = ImageDraw.Draw(paper), font(rng, size), shade(rng, 10, 90)
    for row in range(rows):
        y = size + row * size * 1.6
        kind = rng.random()
        if kind < 0.12:
            draw.text((size, y), "-" * int(rng.integers(10, 30)), ink, face)
        elif kind < 0.3:
            draw.text((width * rng.uniform(0.05, 0.3), y), words(rng, 2), ink, face)
        else:
            draw.text((size, y), f"{rng.integers(1, 9)} {words(rng, 1)}", ink, face)
            draw.text((width - size * rng.uniform(4, 6), y), f"{rng.uniform(1, 99):.2f}", ink, face)
    return np.asarray(paper)


def card(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """An identity card: fine lines in pale colour, a portrait, a few lines of text, machine-readable rows."""
    width = int(rng.integers(600, 1200))
    height = int(width / 1.586)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    ground = np.full((height, width, 3), rng.integers(190, 240, 3), np.float32)
    for _ in range(4):
        wave = np.sin((x + rng.uniform(5, 40) * np.sin(y / rng.uniform(15, 60))) / rng.uniform(2, 9))
        ground += wave[..., None] * rng.uniform(-10, 10, 3)
    sheet = Image.fromarray(ground.clip(0, 255).astype(np.uint8))
    side = int(height * 0.55)
    portrait = Image.fromarray(photo).resize((int(side * 0.8), side))
    left = rng.random() < 0.7
    sheet.paste(portrait, (int(width * 0.05) if left else int(width * 0.95 - side * 0.8), int(height * 0.2)))
    draw, size, ink = ImageDraw.Draw(sheet), height / rng.uniform(16, 24), shade(rng, 10, 70)
    face, start = font(rng, size), int(width * (0.42 if left else 0.06))
    for row in range(int(rng.integers(5, 9))):
        draw.text((start, int(height * 0.16 + row * size * 1.8)), words(rng, 2).upper(), ink, face)
    if rng.random() < 0.6:
        for row in range(2):
            line = "".join(rng.choice(list("ABCDEFGH<<<<0123456789"), 34))
            draw.text((int(width * 0.04), int(height * 0.83 + row * size * 1.3)), line, ink, font(rng, size))
    return np.asarray(sheet)


def photographed(rng: np.random.Generator, sheet: Pixels, photo: Pixels, turn: float = 0.12) -> Pixels:
    """A sheet on a table: in perspective, under uneven light, a little out of focus, with noise."""
    scale = rng.uniform(0.8, 1.15)
    height, width = (int(side * scale) for side in sheet.shape[:2])
    table = cv2.resize(
        photo, (width, height), interpolation=cv2.INTER_AREA if photo.shape[0] > height else cv2.INTER_LINEAR
    )
    table = cv2.GaussianBlur(table, (0, 0), 9) if rng.random() < 0.5 else table
    if rng.random() < 0.4:
        table = np.broadcast_to(np.array(shade(rng, 20, 150), np.uint8), table.shape)
    corners = np.float32([[0, 0], [sheet.shape[1], 0], [sheet.shape[1], sheet.shape[0]], [0, sheet.shape[0]]])
    room = np.float32([[width, height]]) * rng.uniform(-0.04, turn, (4, 2))
    inward = np.float32([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    goal = np.float32([[0, 0], [width, 0], [width, height], [0, height]]) + (room * inward).astype(np.float32)
    warp = cv2.getPerspectiveTransform(corners, goal.astype(np.float32))
    laid = cv2.warpPerspective(sheet, warp, (width, height), flags=cv2.INTER_AREA).astype(np.float32)
    there = (
        cv2.warpPerspective(np.full(sheet.shape[:2], 255, np.uint8), warp, (width, height))[..., None] / 255.0
    )
    scene = laid * there + table * (1 - there)
    scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.4, 1.1))
    y, x = np.mgrid[:height, :width] / max(width, height)
    angle = rng.uniform(0, 6.3)
    light = 1 - rng.uniform(0, 0.4) * (np.cos(angle) * x + np.sin(angle) * y - 0.3)
    cast = 1 + rng.normal(0, 0.04, 3)
    scene = scene * light[..., None] * cast * rng.uniform(0.7, 1)
    return (scene + rng.normal(0, rng.uniform(0.8, 5), scene.shape)).clip(0, 255).astype(np.uint8)


def screen(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """A window: bars, lists, buttons, text."""
    width, height = ((1280, 800), (1080, 1920), (1366, 768), (720, 1480), (1000, 700))[int(rng.integers(5))]
    dark = rng.random() < 0.35
    ground, ink = (
        (shade(rng, 15, 50), shade(rng, 190, 245)) if dark else (shade(rng, 235, 256), shade(rng, 10, 90))
    )
    view = Image.new("RGB", (width, height), ground)
    draw, size = ImageDraw.Draw(view), width / rng.uniform(30, 90)
    size = max(size, 11)
    draw.rectangle((0, 0, width, int(2.5 * size)), tuple(rng.integers(0, 256, 3).tolist()))
    pane = int(width * rng.uniform(0, 0.3))
    draw.rectangle((0, int(2.5 * size), pane, height), shade(rng, 40, 70) if dark else shade(rng, 215, 240))
    y = 4 * size
    while y < height - 2 * size:
        if rng.random() < 0.7:
            draw.text(
                (pane + size, y),
                words(rng, int(rng.integers(2, max(3, width / size / 5)))),
                ink,
                font(rng, size),
            )
        elif rng.random() < 0.5:
            box = (pane + size, y, pane + size + int(rng.integers(4, 12)) * size, y + 2 * size)
            draw.rounded_rectangle(box, size / 3, tuple(rng.integers(0, 256, 3).tolist()), outline=ink)
        if pane > 6 * size:
            draw.text((size / 2, y), words(rng, 1), ink, font(rng, size))
        y += size * rng.uniform(1.5, 2.6)
    return np.asarray(view)


def feed(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """A post of a social network: a name, the photograph across, signs and comments."""
    width = int(rng.integers(480, 1100))
    height = int(width * rng.uniform(1.2, 2.2))
    dark = rng.random() < 0.3
    ground, ink = (
        (shade(rng, 0, 40), shade(rng, 200, 250)) if dark else (shade(rng, 244, 256), shade(rng, 5, 70))
    )
    view = Image.new("RGB", (width, height), ground)
    draw, size = ImageDraw.Draw(view), width / rng.uniform(20, 32)
    y = size * rng.uniform(0.5, 4)
    draw.ellipse((size / 2, y, 3 * size, y + 2.5 * size), tuple(rng.integers(60, 256, 3).tolist()))
    draw.text((3.6 * size, y), words(rng, 2), ink, font(rng, size))
    draw.text((3.6 * size, y + 1.3 * size), words(rng, 3), ink, font(rng, 0.75 * size))
    y += 3.2 * size
    inset = 0 if rng.random() < 0.6 else int(size * rng.uniform(0.4, 2))
    inner = Image.fromarray(photo)
    tall = int(min((width - 2 * inset) * inner.height / inner.width, height * 0.7))
    view.paste(inner.resize((width - 2 * inset, tall)), (inset, int(y)))
    y += tall + 0.6 * size
    for sign in range(int(rng.integers(2, 6))):
        x = size * (0.8 + 2.2 * sign)
        draw.ellipse((x, y, x + 1.3 * size, y + 1.3 * size), outline=ink, width=max(2, int(size / 10)))
    y += 2 * size
    while y < height - 2 * size:
        if rng.random() < 0.75:
            draw.text((size * 0.7, y), words(rng, int(rng.integers(2, 6))), ink, font(rng, size * 0.9))
        y += 1.5 * size
    return np.asarray(view)


def drawing(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """Filled shapes with outlines, on one colour or a gradient; a diagram with labels at times."""
    width, height = rng.integers(400, 1200, 2).tolist()
    first, last = rng.integers(0, 256, (2, 3))
    blend = np.linspace(0, 1, height)[:, None, None] * (rng.random() < 0.4)
    ground = np.broadcast_to(first * (1 - blend) + last * blend, (height, width, 3)).astype(np.uint8)
    if rng.random() < 0.35:
        ground = np.full((height, width, 3), 255, np.uint8)
    canvas = Image.fromarray(ground).resize((2 * width, 2 * height))
    draw, named = ImageDraw.Draw(canvas), rng.random() < 0.4
    for _ in range(rng.integers(4, 40)):
        x, y, r = (int(v) for v in rng.integers([0, 0, 20], [2 * width, 2 * height, 300]))
        fill = tuple(rng.integers(0, 256, 3).tolist())
        kind = rng.random()
        if kind < 0.4:
            draw.ellipse((x - r, y - r, x + r, y + r // 2), fill, outline=(0, 0, 0), width=4)
        elif kind < 0.8:
            draw.rectangle((x - r, y - r, x + r, y + r // 2), fill, outline=(0, 0, 0), width=4)
        else:
            draw.line((x, y, x + r * 3, y + r), fill, width=6)
        if named:
            draw.text((x, y), words(rng, 1), (0, 0, 0), font(rng, 40))
    return np.asarray(canvas.resize((width, height), Image.Resampling.LANCZOS))


def plot(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """Axes with ticks, and curves, bars or points."""
    width, height = int(rng.integers(480, 1300)), int(rng.integers(360, 900))
    canvas = Image.new("RGB", (2 * width, 2 * height), (255, 255, 255))
    draw, face = ImageDraw.Draw(canvas), font(rng, width / 22)
    left, top, right, bottom = 0.12 * 2 * width, 0.1 * 2 * height, 1.9 * width, 1.75 * height
    draw.rectangle((left, top, right, bottom), outline=(0, 0, 0), width=3)
    kind = int(rng.integers(3))
    for series in range(int(rng.integers(1, 6))):
        colour = tuple(rng.integers(0, 220, 3).tolist())
        x = np.linspace(left, right, 40)
        y = bottom - (bottom - top) * (
            0.1 + 0.8 * np.abs(np.sin(x / rng.uniform(150, 700) + series)) * rng.random()
        )
        for at in range(39):
            if kind == 0:
                draw.line((x[at], y[at], x[at + 1], y[at + 1]), colour, 5)
            elif kind == 1:
                draw.ellipse((x[at] - 8, y[at] - 8, x[at] + 8, y[at] + 8), colour)
            else:
                draw.rectangle((x[at], y[at], x[at] + 12, bottom), colour)
    for tick in range(6):
        draw.text((left + tick * (right - left) / 6, bottom + 8), f"{tick * 10}", (0, 0, 0), face)
        draw.text((left * 0.3, bottom - tick * (bottom - top) / 6), f"{tick / 5:.1f}", (0, 0, 0), face)
    return np.asarray(canvas.resize((width, height), Image.Resampling.LANCZOS))


def render(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """Balls on a plane, shaded without grain."""
    width, height = rng.integers(400, 1100, 2).tolist()
    y, x = np.mgrid[:height, :width].astype(np.float32)
    first, last = rng.integers(0, 256, (2, 3))
    canvas = first + (last - first) * (y / height)[..., None]
    checks = ((x // 60 + y // 60) % 2)[..., None]
    if rng.random() < 0.5:
        canvas = np.where((y > height * 0.6)[..., None], canvas * (0.7 + 0.3 * checks), canvas)
    for _ in range(int(rng.integers(2, 12))):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(30, 220)
        away = ((x - cx) ** 2 + (y - cy) ** 2) / r**2
        lit = np.clip(1 - ((x - cx + r * 0.4) ** 2 + (y - cy + r * 0.4) ** 2) / (2.4 * r * r), 0.08, 1)
        canvas = np.where((away < 1)[..., None], rng.integers(30, 256, 3) * lit[..., None], canvas)
    return np.asarray(canvas.clip(0, 255), np.uint8)


def _map(rng: np.random.Generator) -> Pixels:
    """256 colours as thermal cameras and maps of values use, of random stops."""
    known = [
        [(0, 0, 0), (60, 0, 110), (180, 20, 110), (240, 90, 20), (255, 200, 40), (255, 255, 240)],
        [(0, 0, 130), (0, 60, 255), (0, 230, 255), (130, 255, 120), (255, 230, 0), (255, 40, 0), (130, 0, 0)],
        [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)],
        [(10, 0, 40), (0, 0, 200), (0, 180, 120), (250, 230, 0), (250, 20, 20), (255, 255, 255)],
        [(0, 0, 0), (130, 0, 130), (0, 0, 255), (0, 255, 0), (255, 255, 0), (255, 0, 0), (255, 255, 255)],
    ]
    stops = np.array(known[int(rng.integers(len(known)))], float) + rng.normal(0, 12, 3)
    at = np.linspace(0, 1, len(stops)) ** rng.uniform(0.8, 1.25)
    return (
        np.stack([np.interp(np.linspace(0, 1, 256), at, stops[:, c]) for c in range(3)], 1)
        .clip(0, 255)
        .astype(np.uint8)
    )


def false_colour(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """Values as colours: a thermal picture, with its scale and numbers at times."""
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    factor = rng.uniform(0.08, 0.5)
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.5, 2))
    values = cv2.resize(small, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_CUBIC).astype(float)
    low, high = np.quantile(values, [0.005, 0.995])
    values = (values - low) / max(high - low, 1) * 255 + rng.normal(0, rng.uniform(0, 3), values.shape)
    picture = Image.fromarray(_map(rng)[values.clip(0, 255).astype(np.uint8)])
    if rng.random() < 0.5:
        draw, size = ImageDraw.Draw(picture), picture.width / 22
        draw.text((size, size), f"{rng.uniform(10, 90):.1f} °C", (255, 255, 255), font(rng, size))
        bar = (
            np.linspace(255, 0, picture.height * 3 // 4)
            .astype(np.uint8)[:, None]
            .repeat(max(6, picture.width // 40), 1)
        )
        picture.paste(
            Image.fromarray(_map(rng)[bar]), (picture.width - picture.width // 15, picture.height // 8)
        )
    return np.asarray(picture)


def printed(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """A scan of a print: dots of four inks at four angles, on paper with grain."""
    height, width = photo.shape[:2]
    period = rng.uniform(3.2, 8)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    inks = 1 - photo.astype(np.float32) / 255
    key = inks.min(axis=2) * rng.uniform(0.5, 1)
    paper = np.ones((height, width, 3), np.float32) * (rng.integers(225, 252, 3) / 255)
    tilt = rng.uniform(-5, 5)
    if rng.random() < 0.3:
        planes = [(1 - photo.mean(axis=2) / 255, 45, (0.1, 0.1, 0.12))]
    else:
        colours = ((0.05, 0.65, 0.9), (0.9, 0.1, 0.55), (0.98, 0.93, 0.1), (0.12, 0.12, 0.13))
        parts = (*(np.clip(inks[..., c] - key, 0, 1) for c in range(3)), key)
        planes = list(zip(parts, (15, 75, 0, 45), colours, strict=True))
    for amount, angle, ink in planes:
        a = np.deg2rad(angle + tilt)
        u, v = (x * np.cos(a) + y * np.sin(a)) / period, (y * np.cos(a) - x * np.sin(a)) / period
        cell = (np.cos(2 * np.pi * u) + np.cos(2 * np.pi * v)) / 4 + 0.5
        dot = 1 / (1 + np.exp(-(amount - (1 - cell) * 1.02) * 14))
        paper *= 1 - dot[..., None] * (1 - np.array(ink, np.float32))
    grain = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), 1.2)
    scene = cv2.GaussianBlur(paper * 255, (0, 0), rng.uniform(0.5, 0.28 * period)) + grain[
        ..., None
    ] * rng.uniform(2, 9)
    return (scene + rng.normal(0, rng.uniform(0.5, 2.5), scene.shape)).clip(0, 255).astype(np.uint8)


def field(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """A round field in black, as of a microscope, an endoscope or a fundus camera."""
    height, width = photo.shape[:2]
    tint = rng.uniform(0.4, 1.1, 3)
    smooth = cv2.GaussianBlur(photo, (0, 0), rng.uniform(1, 6)).astype(np.float32)
    if rng.random() < 0.6:
        cells = np.full_like(smooth, rng.integers(150, 240))
        for _ in range(int(rng.integers(30, 300))):
            at, r = (
                (int(rng.integers(width)), int(rng.integers(height))),
                int(rng.integers(4, max(5, width // 25))),
            )
            cv2.circle(cells, at, r, rng.integers(60, 210, 3).tolist(), -1 if rng.random() < 0.7 else 2)
        smooth = cv2.GaussianBlur(cells, (0, 0), rng.uniform(0.8, 3))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    r = min(height, width) / 2 * rng.uniform(0.8, 1.12)
    away = np.hypot(x - width * rng.uniform(0.46, 0.54), y - height * rng.uniform(0.46, 0.54)) / r
    inside = 1 / (1 + np.exp(np.minimum((away - 1) * rng.uniform(20, 200), 50)))
    scene = smooth * tint * (1 - 0.4 * rng.random() * np.minimum(away, 1) ** 2)[..., None] * inside[..., None]
    return (
        (scene + rng.uniform(0, 8) + rng.normal(0, rng.uniform(0.3, 4), scene.shape))
        .clip(0, 255)
        .astype(np.uint8)
    )


def radiograph(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """Soft bodies in gray on black, as radiographs and slices of tomographs."""
    side = int(rng.integers(300, 900))
    y, x = np.mgrid[:side, : int(side * rng.uniform(0.8, 1.2))].astype(np.float32) / side
    scene = np.zeros(x.shape, np.float32)
    main = (x - 0.5) ** 2 / rng.uniform(0.09, 0.16) + (y - 0.5) ** 2 / rng.uniform(0.1, 0.19)
    scene += rng.uniform(60, 140) / (1 + np.exp(np.minimum((main - 1) * rng.uniform(15, 60), 50)))
    for _ in range(int(rng.integers(5, 30))):
        cx, cy, a, b = rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.75), *rng.uniform(0.02, 0.15, 2)
        part = (x - cx) ** 2 / a**2 + (y - cy) ** 2 / b**2
        scene += (
            rng.uniform(-60, 90) / (1 + np.exp(np.minimum((part - 1) * rng.uniform(4, 25), 50))) * (main < 1)
        )
    scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.8, 2.5))
    scene += rng.normal(0, rng.uniform(0.5, 6), scene.shape) * (main < 1.1)
    return np.repeat(scene.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def framed(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """A photograph in a plain frame or between bars."""
    height, width = photo.shape[:2]
    sides = (rng.uniform(0.012, 0.15, 4) * max(height, width)).astype(int)
    if rng.random() < 0.4:
        sides[[2, 3]] = 0
    colour = (0, 255)[int(rng.integers(2))] if rng.random() < 0.7 else int(rng.integers(256))
    canvas = np.full((height + sides[0] + sides[1], width + sides[2] + sides[3], 3), colour, np.uint8)
    canvas[sides[0] : sides[0] + height, sides[2] : sides[2] + width] = photo
    return canvas


def collage(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """Two to four photographs with plain gaps; parts of one stand for several."""
    gap, colour = int(rng.integers(4, 30)), (0, 255, 255, 230)[int(rng.integers(4))]
    rows, columns = ((1, 2), (2, 1), (2, 2), (1, 3))[int(rng.integers(4))]
    height, width = photo.shape[0] // rows, photo.shape[1] // columns
    around = gap if rng.random() < 0.7 else 0
    canvas = np.full(
        (
            rows * height + (rows - 1) * gap + 2 * around,
            columns * width + (columns - 1) * gap + 2 * around,
            3,
        ),
        colour,
        np.uint8,
    )
    for row in range(rows):
        for column in range(columns):
            part = photo[row * height : (row + 1) * height, column * width : (column + 1) * width]
            top, left = around + row * (height + gap), around + column * (width + gap)
            canvas[top : top + height, left : left + width] = part[:, :: -1 if (row + column) % 2 else 1]
    return canvas


def noise(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """Independent pixels, uniform or normal, in gray or colour."""
    height, width = rng.integers(200, 900, 2)
    shape = (height, width, 3 if rng.random() < 0.6 else 1)
    if rng.random() < 0.5:
        values = rng.uniform(0, 256, shape)
    else:
        values = rng.normal(rng.uniform(60, 190), rng.uniform(8, 60), shape)
    return np.broadcast_to(values.clip(0, 255).astype(np.uint8), (height, width, 3)).copy()


def receipt_photo(rng: np.random.Generator, photo: Pixels) -> Pixels:
    return photographed(rng, receipt(rng, photo), photo)


def page_photo(rng: np.random.Generator, photo: Pixels) -> Pixels:
    return photographed(rng, page(rng, photo), photo, 0.08)


def card_photo(rng: np.random.Generator, photo: Pixels) -> Pixels:
    return photographed(rng, card(rng, photo), photo, 0.1)


# What a picture is called, and the pictures of that kind.
MADE: dict[str, tuple[str, Callable[[np.random.Generator, Pixels], Pixels]]] = {
    "page": ("document", page),
    "page, photographed": ("document", page_photo),
    "receipt": ("document", receipt),
    "receipt, photographed": ("document", receipt_photo),
    "card": ("document", card),
    "card, photographed": ("document", card_photo),
    "screen": ("screenshot", screen),
    "feed": ("screenshot", feed),
    "drawing": ("drawing", drawing),
    "plot": ("drawing", plot),
    "render": ("drawing", render),
    "false colour": ("false colour", false_colour),
    "print": ("print", printed),
    "round field": ("medical or microscope", field),
    "radiograph": ("medical or microscope", radiograph),
    "framed": ("framed photograph", framed),
    "collage": ("framed photograph", collage),
    "noise": ("noise", noise),
}
