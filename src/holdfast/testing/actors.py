"""Things that move in front of a scene: textured stones and carts with soft shadows, a talking head.

An actor is a small RGBA picture whose colours go on beyond its edge, so that it can be turned and moved by parts of a
pixel without a fringe. `placed` lays it on a frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from holdfast.testing.textures import Color, Plane, blended, colored, octaves, relief, to_picture, unit

MOUTHS = 4
"""How many positions of the mouth a head has; the same number again with closed eyes."""

_SKINS: list[Color] = [(222, 178, 148), (196, 146, 112), (150, 104, 76), (104, 70, 52), (236, 200, 176)]
_HAIRS: list[Color] = [(34, 26, 22), (92, 60, 36), (150, 112, 64), (128, 126, 122), (24, 22, 28)]
_SHADOW = 0.42
_BODY_COLORS = 4


@dataclass(frozen=True)
class Placing:
    """Where the middle of an actor lies on the frame (pixels), its size factor and its turn (radians)."""

    x: float
    y: float
    scale: float = 1.0
    turn: float = 0.0


def placed(frame: Image.Image, actor: Image.Image, where: Placing) -> None:
    """Lay `actor` on `frame`, exact to parts of a pixel; what lies outside is cut off."""
    cos, sin = float(np.cos(where.turn)), float(np.sin(where.turn))
    half_w, half_h = actor.width * where.scale / 2, actor.height * where.scale / 2
    reach_x, reach_y = abs(half_w * cos) + abs(half_h * sin) + 1, abs(half_w * sin) + abs(half_h * cos) + 1
    left, top = int(np.floor(where.x - reach_x)), int(np.floor(where.y - reach_y))
    right, bottom = int(np.ceil(where.x + reach_x)), int(np.ceil(where.y + reach_y))
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, frame.width), min(bottom, frame.height)
    if right <= left or bottom <= top:
        return
    # From a pixel of the frame back to a pixel of the actor: turn back, divide by the scale, move to its middle.
    a, b, d, e = cos / where.scale, sin / where.scale, -sin / where.scale, cos / where.scale
    dx, dy = left - where.x, top - where.y
    matrix = (a, b, a * dx + b * dy + actor.width / 2, d, e, d * dx + e * dy + actor.height / 2)
    part = actor.transform((right - left, bottom - top), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    frame.paste(part, (left, top), part)


def thing(rng: np.random.Generator, reach: int) -> Image.Image:
    """A stone, a cart or a ball, about `reach` pixels wide, with its shadow."""
    size = (reach * 3 // 2, reach * 3 // 2)
    kind = rng.integers(3)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    middle, half = reach * 0.75, reach / 2
    if kind == 0:
        draw.polygon(_outline(rng, middle, half), fill=255)
    elif kind == 1:
        draw.rounded_rectangle(
            (middle - half, middle - half * 0.45, middle + half, middle + half * 0.35), half * 0.12, 255
        )
        for side in (-0.58, 0.58):
            x, y, r = middle + half * side, middle + half * 0.38, half * 0.2
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    else:
        draw.ellipse((middle - half * 0.8, middle - half * 0.8, middle + half * 0.8, middle + half * 0.8), fill=255)
    return _with_shadow(_body(rng, size, banded=kind == 2), mask, reach)


def talking_head(rng: np.random.Generator, reach: int) -> tuple[Image.Image, list[Image.Image]]:
    """Shoulders, and `2 * MOUTHS` heads: mouth from closed to open, first with open eyes, then with closed ones.

    `reach` is the width of a head in pixels; shoulders are three, heads two of it wide.
    """
    skin = np.array(_SKINS[rng.integers(len(_SKINS))], dtype=np.float32)
    hair = np.array(_HAIRS[rng.integers(len(_HAIRS))], dtype=np.float32)
    look = (skin, hair, float(rng.uniform(0.2, 0.42)))
    shoulders = _shoulders(rng, reach)
    face_texture = octaves(rng, (reach * 2, reach * 2), coarsest=6)
    heads = [_head(reach, look, face_texture, mouth, eyes) for eyes in (True, False) for mouth in range(MOUTHS)]
    return shoulders, heads


def _outline(rng: np.random.Generator, middle: float, half: float) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = half * (
        0.82 + 0.12 * np.cos(2 * angles + rng.uniform(0, 6)) + 0.06 * np.cos(5 * angles + rng.uniform(0, 6))
    )
    return list(
        zip((middle + reach * np.cos(angles)).tolist(), (middle + reach * np.sin(angles)).tolist(), strict=True)
    )


def _body(rng: np.random.Generator, size: tuple[int, int], *, banded: bool) -> Plane:
    surface = octaves(rng, size, coarsest=5, slope=0.95)
    palette: list[Color] = []
    for step in np.linspace(0.25, 1.0, _BODY_COLORS):
        red, green, blue = rng.uniform(90, 250, 3) * step
        palette.append((red, green, blue))
    tone = unit(surface)
    if banded:
        stripes = np.sin(np.arange(size[1], dtype=np.float32) * (9.0 / size[1] * 2))[:, None]
        tone = np.clip(tone * 0.5 + 0.25 + 0.25 * np.sign(stripes), 0, 1).astype(np.float32)
    light = np.linspace(1.25, 0.6, size[1], dtype=np.float32)[:, None]
    return colored(rng, tone, palette) * (relief(surface) * light)[..., None]


def _with_shadow(body: Plane, mask: Image.Image, reach: int) -> Image.Image:
    """One RGBA picture: the body where the mask is, a soft dark shape to its lower right elsewhere."""
    solid = np.asarray(mask.filter(ImageFilter.GaussianBlur(max(reach / 120, 0.5))), dtype=np.float32) / 255
    fallen = Image.new("L", mask.size, 0)
    fallen.paste(mask, (reach // 14, reach // 8))
    shadow = np.asarray(fallen.filter(ImageFilter.GaussianBlur(reach / 16)), dtype=np.float32) / 255 * _SHADOW
    alpha = np.maximum(solid, shadow)
    share = solid / np.maximum(alpha, 1e-3)
    return _rgba(body * np.clip(share, 0, 1)[..., None], alpha)


def _rgba(colors: Plane, alpha: Plane) -> Image.Image:
    picture = to_picture(colors)
    picture.putalpha(Image.fromarray(np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)))
    return picture


def _shoulders(rng: np.random.Generator, reach: int) -> Image.Image:
    size = (reach * 3, reach * 2)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((reach * 0.1, reach * 0.35, reach * 2.9, reach * 3.2), fill=255)
    cloth = octaves(rng, size, coarsest=9, slope=0.9)
    tone = rng.uniform(40, 150, 3).astype(np.float32)
    folds = np.cos(np.linspace(-5, 5, size[0], dtype=np.float32))[None, :] * 0.08
    shade = (1 + 0.12 * cloth + folds) * (1.15 - 0.5 * np.abs(np.linspace(-1, 1, size[0], dtype=np.float32)))[None, :]
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(max(reach / 60, 0.5))), dtype=np.float32) / 255
    return _rgba(shade[..., None] * tone, soft)


def _head(reach: int, look: tuple[Plane, Plane, float], texture: Plane, mouth: int, eyes_open: bool) -> Image.Image:
    skin, hair, hairline = look
    side = reach * 2
    x = (np.arange(side, dtype=np.float32) - reach)[None, :] / (reach * 0.5)
    y = (np.arange(side, dtype=np.float32) - reach)[:, None] / (reach * 0.66)
    edge = 3.0 / max(reach * 0.06, 1.0)
    round_ = np.sqrt(x * x + y * y)
    light = np.clip(1.08 - 0.22 * x - 0.3 * round_**2 + 0.05 * texture, 0.3, 1.4)
    colors = light[..., None] * skin
    mane = np.sqrt((x / 1.12) ** 2 + ((y + 0.16) / 1.06) ** 2)
    hairy = np.clip((-y - hairline - 0.12 * x * x + 0.06 * texture) * 14, 0, 1) + np.clip((round_ - 1.0) * 12, 0, 1)
    strands = np.clip(0.9 + 0.3 * texture - 0.2 * x, 0.4, 1.6)
    colors = blended(colors, strands[..., None] * hair, np.clip(hairy, 0, 1))
    for sign in (-1, 1):
        colors = _eye(colors, x - 0.38 * sign, y + 0.1, eyes_open=eyes_open)
    nose = np.exp(-(((x - 0.06) / 0.12) ** 2) - ((y - 0.2) / 0.26) ** 2)
    colors = colors * (1 - 0.16 * nose)[..., None]
    gape = 0.035 + 0.06 * mouth
    lips = np.clip((1.25 - np.sqrt((x / 0.36) ** 2 + ((y - 0.54) / (gape + 0.05)) ** 2)) * 5, 0, 1)
    inside = np.clip((1 - np.sqrt((x / 0.3) ** 2 + ((y - 0.54) / gape) ** 2)) * 5, 0, 1)
    colors = blended(colors, np.broadcast_to(skin * np.float32(0.66), colors.shape), lips * 0.7)
    colors = blended(colors, np.broadcast_to(np.array([46, 18, 18], dtype=np.float32), colors.shape), inside)
    chin = np.clip((1 - round_) * 6 / edge + 0.5, 0, 1)
    crown = np.clip((1 - mane) * 6 / edge + 0.5, 0, 1) * np.clip((0.35 - y) * 6, 0, 1)
    neck = np.clip((0.52 - np.abs(x)) * 8, 0, 1) * np.clip(y * 4, 0, 1)
    under = np.where((chin < 0.5)[..., None] & (crown < 0.5)[..., None], skin * np.float32(0.62), colors)
    return _rgba(under, np.maximum(np.maximum(chin, crown), neck))


def _eye(colors: Plane, x: Plane, y: Plane, *, eyes_open: bool) -> Plane:
    brow = np.clip((1 - np.sqrt((x / 0.26) ** 2 + ((y + 0.2) / 0.05) ** 2)) * 4, 0, 1)
    colors = colors * (1 - 0.55 * brow)[..., None]
    lid = 0.09 if eyes_open else 0.02
    white = np.clip((1 - np.sqrt((x / 0.2) ** 2 + (y / lid) ** 2)) * 4, 0, 1)
    iris = np.clip((1 - np.sqrt(x * x + (y * 1.3) ** 2) / 0.09) * 4, 0, 1) * white
    pale = np.array([226, 220, 212] if eyes_open else [90, 60, 50], dtype=np.float32)
    colors = blended(colors, np.broadcast_to(pale, colors.shape), white)
    return blended(colors, np.broadcast_to(np.array([42, 34, 30], dtype=np.float32), colors.shape), iris)
