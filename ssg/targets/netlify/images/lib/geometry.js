'use strict';

// Recipes of variants, and which part of a picture a variant shows: ssg/model/images/recipe.py, which
// says why. Both give the same frame for every recipe and picture.

const MAX_SIDE = 16_383;
const MAX_PERCENT = 100;
const CENTER = [50, 50];
const NAME =
  /^([1-9]\d{0,4})?(?:x([1-9]\d{0,4}))?(?:-(cover|contain|crop|scale))?(?:-(\d{1,3}\.\d{1,3}))?(?:-q([1-9]\d{0,2}))?$/;

/** The recipe of a name such as `640x400-cover-30.40-q60`; null if there is none of this name. */
function parseRecipe(name) {
  const [found, width, height, fit = '', focus = '', quality] = NAME.exec(name) ?? [];
  if (found === undefined) return null;
  const recipe = { width: Number(width ?? 0), height: Number(height ?? 0), fit, focus, quality: Number(quality ?? 0) };
  return isUsable(recipe) ? recipe : null;
}

function isUsable({ width, height, fit, focus, quality }) {
  if (!(width || height) || Math.max(width, height) > MAX_SIDE || quality > MAX_PERCENT) return false;
  if (Boolean(fit) !== Boolean(width && height)) return false;
  return !focus || (isCut(fit) && Math.max(...pointOf(focus)) <= MAX_PERCENT);
}

function isCut(fit) {
  return fit === 'cover' || fit === 'crop';
}

/** The recipe with the focal point of a picture, unless it has its own. */
function atFocus(recipe, focus) {
  return isCut(recipe.fit) && focus && !recipe.focus ? { ...recipe, focus } : recipe;
}

/** Whether a variant of each format can have the size of a frame. */
function isPossible({ width, height }) {
  return Math.max(width, height) <= MAX_SIDE;
}

/** What a variant shows of an upright picture of this size: { left, top, right, bottom, width, height }. */
function frameOf(recipe, width, height) {
  if (recipe.fit === 'crop') {
    const [across, down] = [Math.min(recipe.width, width), Math.min(recipe.height, height)];
    return around(recipe, width, height, across, down, across, down);
  }
  if (recipe.fit === 'scale') return whole(width, height, Math.min(recipe.width, width), Math.min(recipe.height, height));
  if (recipe.fit === 'cover') return cover(recipe, width, height);
  return whole(width, height, ...inside(recipe, width, height));
}

function whole(right, bottom, width, height) {
  return { left: 0, top: 0, right, bottom, width, height };
}

function inside(recipe, width, height) {
  const byWidth = !recipe.height || (recipe.width && recipe.width * height <= recipe.height * width);
  if (byWidth) {
    const across = Math.min(recipe.width, width);
    return [across, Math.max(1, rounded(height * across, width))];
  }
  const down = Math.min(recipe.height, height);
  return [Math.max(1, rounded(width * down, height)), down];
}

function cover(recipe, width, height) {
  let { width: across, height: down } = recipe;
  if (across > width || down > height) {
    if (across * height >= down * width) {
      [across, down] = [width, Math.max(1, rounded(width * recipe.height, recipe.width))];
    } else {
      [across, down] = [Math.max(1, rounded(height * recipe.width, recipe.height)), height];
    }
  }
  if (width * down >= across * height) {
    const part = Math.min(width, Math.max(1, rounded(height * across, down)));
    return around(recipe, width, height, part, height, across, down);
  }
  const part = Math.min(height, Math.max(1, rounded(width * down, across)));
  return around(recipe, width, height, width, part, across, down);
}

function around(recipe, width, height, partWidth, partHeight, across, down) {
  const [x, y] = recipe.focus ? pointOf(recipe.focus) : CENTER;
  const [left, top] = [startOf(width, partWidth, x), startOf(height, partHeight, y)];
  return { left, top, right: left + partWidth, bottom: top + partHeight, width: across, height: down };
}

function startOf(all, part, percent) {
  return Math.min(Math.max(0, rounded(2 * all * percent - 100 * part, 200)), all - part);
}

function pointOf(focus) {
  return focus.split('.').map(Number);
}

/** A quotient of whole numbers, rounded half up. */
function rounded(number, divisor) {
  return Math.floor((2 * number + divisor) / (2 * divisor));
}

module.exports = { atFocus, frameOf, isPossible, parseRecipe };
