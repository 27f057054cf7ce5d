// The cache tag that a text means, as `purged_tag` and `as_cache_tag` of ssg/model/cache_options.py.

const MAX_TAG_LENGTH = 128;
const MAX_TAG_TEXT = 1000;
const NOT_IN_TEXTS = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
const NOT_IN_TAGS = /[^a-z0-9:._-]/gu;

/** The cache tag of a text, `post:Ana/Über` for example; null if it means none. */
export function purgedTag(text) {
  if (typeof text !== 'string' || NOT_IN_TEXTS.test(text)) return null;
  const length = [...text].length;
  return length > 0 && length <= MAX_TAG_TEXT ? asCacheTag(text) : null;
}

function asCacheTag(text) {
  const tag = text.toLowerCase().normalize('NFC').replaceAll('/', ':').replace(NOT_IN_TAGS, inHex);
  if (tag.length <= MAX_TAG_LENGTH) return tag;
  return tag.slice(0, MAX_TAG_LENGTH - 8) + crc32(Buffer.from(tag));
}

function inHex(text) {
  return [...Buffer.from(text)].map((byte) => `_${byte.toString(16).padStart(2, '0')}`).join('');
}

/** The CRC-32 of bytes, in eight hexadecimal digits (ISO 3309, as zlib has it). */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
