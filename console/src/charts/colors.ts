/**
 * A colour of the style sheet as a canvas understands it: `light-dark()` and variables resolved.
 *
 * @param name of the variable, such as `--accent`
 */
export function resolveColor(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
