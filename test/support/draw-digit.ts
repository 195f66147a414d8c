import type { Page } from 'playwright-core';

/** A five in one stroke, as shares of the pad. */
const FIVE = [
  [0.68, 0.16],
  [0.36, 0.16],
  [0.34, 0.45],
  [0.55, 0.42],
  [0.68, 0.56],
  [0.64, 0.76],
  [0.48, 0.85],
  [0.3, 0.8],
] as const;

/** Draws a five on the console's drawing pad, with the mouse. */
export async function drawFive(page: Page): Promise<void> {
  const box = await page.getByLabel(/^Drawing pad/).boundingBox();
  if (!box) throw new Error('There is no drawing pad.');
  for (const [i, [x, y]] of FIVE.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 8 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}
