// Reads a list of [name, focus, width, height] and writes what geometry.js makes of each.
// usage: node frames.cjs GEOMETRY < CASES

const { atFocus, frameOf, parseRecipe } = require(process.argv[2]);

const cases = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const frames = cases.map(([name, focus, width, height]) => {
  const recipe = parseRecipe(name);
  if (!recipe) return null;
  const frame = frameOf(atFocus(recipe, focus), width, height);
  return [frame.left, frame.top, frame.right, frame.bottom, frame.width, frame.height];
});
process.stdout.write(JSON.stringify(frames));
