'use strict';

// Makes a variant with sharp: upright, in sRGB, without metadata, cut and scaled as the recipe says.

const sharp = require('sharp');

sharp.cache(false); // each picture is made once

// AVIF at sharp's default effort takes several seconds for a photo.
const AVIF_EFFORT = 2;

/**
 * The bytes of a variant of an upright picture with this size. `frame` is what it shows
 * (`geometry.js`); the settings are those of the table, and the time that the host gives.
 */
async function encode(bytes, picture, frame, format, quality, { maxPixels, background, seconds }) {
  const input = { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true, autoOrient: true };
  let image = sharp(bytes, input).timeout({ seconds });
  const { left, top } = frame;
  const part = { left, top, width: frame.right - left, height: frame.bottom - top };
  // Without a cut, JPEG and WebP files are decoded at a smaller size.
  if (part.width < picture.width || part.height < picture.height) image = image.extract(part);
  image = image.resize(frame.width, frame.height, { fit: 'fill', kernel: 'lanczos3' });
  const { space, hasProfile } = await sharp(bytes, input).metadata();
  image = space === 'cmyk' && !hasProfile ? await fromInks(image) : image.toColourspace('srgb');
  return written(image, format, quality, background).toBuffer();
}

/**
 * A picture of inks without a profile in the colours that browsers show. sharp would assume the profile
 * of a printing press.
 */
async function fromInks(image) {
  const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk').raw();
  const { data, info } = await inks.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const colors = Buffer.alloc(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += info.channels) {
    const light = 255 - data[from + 3];
    for (let ink = 0; ink < 3; ink += 1, to += 1) colors[to] = Math.round(((255 - data[from + ink]) * light) / 255);
  }
  return sharp(colors, { raw: { width, height, channels: 3 } });
}

function written(image, format, quality, background) {
  switch (format) {
    case 'avif':
      return image.avif({ quality, effort: AVIF_EFFORT });
    case 'webp':
      return image.webp({ quality });
    case 'jpeg':
      return image.flatten({ background }).jpeg({ quality, progressive: true });
    default:
      return image.png({ compressionLevel: 9 });
  }
}

module.exports = { encode };
