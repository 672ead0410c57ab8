"""What a camera does between sensor and file, applied to an existing photograph."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._saves import Pixels, Save

# Close enough to that of sRGB.
_GAMMA = 2.2
# Levels of the sensor.
_FULL = 65535
# Bilinear and edge-aware: what simple and better cameras do.
_DEMOSAICING = (cv2.COLOR_BayerBG2RGB, cv2.COLOR_BayerBG2RGB_EA)
# Most cameras save 4:2:2, most phones 4:2:0, few 4:4:4; in Pillow's numbering.
_SAMPLINGS = (1, 1, 2, 2, 0)


@dataclass(frozen=True)
class Camera:
    """One camera and its settings.

    Attributes:
        mosaic: (row, column) of the first pixel of the scene that is used, and that is red; each 0 or 1.
        demosaicing: OpenCV's code.
        shot: variance of the photon noise at full exposure, as a share of full scale squared.
        read: standard deviation of the electronic noise, as a share of full scale.
        smoothing: strength of noise reduction, in gray levels treated as noise; 0 for none.
        sharpening: share of the unsharp mask that is added.
        radius: of that mask, pixels.
        contrast: of the tone curve; 1 leaves tones unchanged.
        saturation: factor applied to the distance from gray.
        save: quality and tables of the file.
        sampling: of its chroma, in Pillow's numbering.
    """

    mosaic: tuple[int, int]
    demosaicing: int
    shot: float
    read: float
    smoothing: float
    sharpening: float
    radius: float
    contrast: float
    saturation: float
    save: Save
    sampling: int

    def shoot(self, pixels: Pixels) -> bytes:
        """The JPEG file of a scene that looks like (H, W, 3) uint8 RGB pixels.

        Reference: A. Foi et al., "Practical Poissonian-Gaussian noise modeling and fitting for single-image
        raw-data" (2008), for the noise.
        """
        rng = np.random.default_rng(int(self.shot * 1e12))  # the same camera always gives the same file
        sensor = self._expose(pixels, rng)
        developed = cv2.cvtColor(sensor, self.demosaicing).astype(np.float32) / _FULL
        picture = 255 * np.power(developed, 1 / _GAMMA, dtype=np.float32)
        return self.save.encode(self._render(picture), self.sampling)

    def _expose(self, pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint16]:
        """One colour per pixel, with noise, (H, W)."""
        linear = (np.arange(256, dtype=np.float32) / 255) ** np.float32(_GAMMA)
        row, column = self.mosaic
        scene = pixels[row:, column:]
        colours = scene[..., 1].copy()
        colours[::2, ::2], colours[1::2, 1::2] = scene[::2, ::2, 0], scene[1::2, 1::2, 2]
        light = linear[colours]
        spread = np.sqrt(np.float32(self.shot) * light + np.float32(self.read) ** 2)
        light += spread * rng.standard_normal(light.shape, np.float32)
        return np.asarray(np.rint(light.clip(0, 1) * _FULL), np.uint16)

    def _render(self, picture: NDArray[np.float32]) -> Pixels:
        """Noise reduction, tone, colour and sharpening, as in the camera's processor."""
        if self.smoothing:
            picture = np.asarray(cv2.bilateralFilter(picture, 5, self.smoothing, 1.5))
        gray = picture.mean(axis=2, keepdims=True)
        picture = gray + (picture - gray) * np.float32(self.saturation)
        picture = 128 + (picture - 128) * np.float32(self.contrast)
        soft = cv2.GaussianBlur(picture, (0, 0), self.radius)
        picture = picture + np.float32(self.sharpening) * (picture - soft)
        return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def draw_camera(rng: np.random.Generator) -> Camera:
    """A camera of any make: from a clean sensor at low gain to a small one in the dark."""
    u = rng.random(11)
    smoothing = 0.0 if u[4] < 0.4 else 4 + 16 * float(u[5])
    return Camera(
        mosaic=(int(u[0] * 2), int(u[0] * 4) % 2),
        demosaicing=_DEMOSAICING[int(u[1] * 2)],
        shot=float(10 ** (-5.5 + 2.3 * u[2])),
        read=float(10 ** (-3.7 + 1.4 * u[3])),
        smoothing=smoothing,
        sharpening=1.4 * float(u[6]),
        radius=0.6 + 0.9 * float(u[7]),
        contrast=0.95 + 0.25 * float(u[8]),
        saturation=0.95 + 0.3 * float(u[9]),
        save=Save(int(rng.integers(85, 99)), tilt=0.0 if u[10] < 0.5 else float(u[10] - 0.75) * 2),
        sampling=int(rng.choice(_SAMPLINGS)),
    )
