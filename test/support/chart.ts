import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether the chart can be rendered here: Go and the packages that its renderer imports. */
export const canRenderChart =
  spawnSync('go', ['version']).status === 0 &&
  existsSync('/usr/share/gocode/src/github.com/Masterminds/sprig') &&
  existsSync('/usr/share/gocode/src/gopkg.in/yaml.v3');

if (!canRenderChart) {
  const how =
    'apt-get install golang-go golang-github-masterminds-sprig-dev golang-gopkg-yaml.v3-dev';
  if (process.env.CI === 'true') throw new Error(`Tests need Go and sprig: ${how}.`);
  console.warn(`Skipped, as the chart cannot be rendered: ${how}.`);
}
