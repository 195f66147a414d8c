import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { DASHBOARDS, type Dashboard, type Panel } from './dashboards/definitions.ts';

/**
 * Writes the Grafana dashboards of deploy/observability/ from their definitions.
 *
 * The queries hold no variables, so that they mean the same wherever they are pasted; which models
 * and replicas are looked at is chosen with the ad hoc filters, which Grafana adds to every query.
 */

/** Where Grafana's provisioning finds them. */
export const DASHBOARD_FOLDER = path.join(
  import.meta.dirname,
  '../deploy/observability/grafana/dashboards',
);

/** Grafana's grid is 24 wide. */
const COLUMNS = 24;

const PANEL = { width: 8, height: 7 };

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

function panelJson(panel: Panel, index: number): object {
  const perRow = COLUMNS / PANEL.width;
  return {
    id: index + 1,
    title: panel.title,
    description: panel.about,
    type: 'timeseries',
    datasource: DATASOURCE,
    gridPos: {
      x: (index % perRow) * PANEL.width,
      y: Math.floor(index / perRow) * PANEL.height,
      w: PANEL.width,
      h: PANEL.height,
    },
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        min: 0,
        custom: { lineWidth: 1, fillOpacity: 8, showPoints: 'never' },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: panel.queries.map(({ expr, legend }, at) => ({
      refId: 'ABCDEFGH'.charAt(at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      exemplar: panel.exemplars ?? false,
    })),
  };
}

/** One dashboard as Grafana reads it. */
export async function dashboardJson({ uid, title, about, panels }: Dashboard): Promise<string> {
  const dashboard = {
    uid,
    title,
    description: about,
    tags: ['ml-inference-api'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        { name: 'filters', label: 'Filters', type: 'adhoc', datasource: DATASOURCE },
      ],
    },
    links: [
      {
        title: 'Other dashboards',
        type: 'dashboards',
        tags: ['ml-inference-api'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    panels: panels.map(panelJson),
  };
  const style = await resolveConfig(DASHBOARD_FOLDER);
  return format(JSON.stringify(dashboard), { ...style, parser: 'json' });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  mkdirSync(DASHBOARD_FOLDER, { recursive: true });
  for (const dashboard of DASHBOARDS) {
    const file = path.join(DASHBOARD_FOLDER, `${dashboard.uid}.json`);
    writeFileSync(file, await dashboardJson(dashboard));
  }
}
