import { parseArgs } from 'node:util';

/** What a run of the benchmark is to do. */
export interface BenchOptions {
  /** Few scenarios, one short round: under a minute, and only a first impression. */
  readonly quick: boolean;
  /** Compare the ratios with the committed ones and fail on a loss. */
  readonly guard: boolean;
  /** Keep the ratios of this run as the ones that `--guard` compares with. */
  readonly saveBaseline: boolean;
  /** Parts of scenario ids; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Length of one measurement, in seconds. */
  readonly seconds: number;
  readonly connections: number;
}

/** Text of `--help`. */
export const USAGE = `Usage: npm run bench -- [options]

  --quick             the scenarios with a target, one short round (under a minute)
  --guard             compare ratios with bench/baseline.json; exit 1 on a loss over 10 %
  --save-baseline     write the ratios of this run to bench/baseline.json
  --only a,b          only scenarios whose id contains one of these
  --rounds n          interleaved rounds (3; quick 1; guard 3)
  --seconds n         length of one measurement (3; quick 1.5)
  --connections n     open connections (32)
`;

/**
 * Reads the command line.
 *
 * @throws {Error} with one line for the user
 */
export function parseOptions(argv: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      'save-baseline': { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick, guard } = values;
  return {
    quick,
    guard,
    saveBaseline: values['save-baseline'],
    only: (values.only ?? '').split(',').filter((part) => part !== ''),
    rounds: number('rounds', values.rounds, quick && !guard ? 1 : 3, 1, 20),
    seconds: number('seconds', values.seconds, quick ? 1.5 : 3, 0.2, 60),
    connections: number('connections', values.connections, 32, 1, 1000),
  };
}

function number(
  name: string,
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value >= min && value <= max)) {
    throw new Error(
      `--${name} must be a number from ${min} to ${max}, not ${JSON.stringify(text)}`,
    );
  }
  return value;
}
