#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { AddOptions } from './cli/add-model.ts';
import type { BenchOptions } from './cli/bench.ts';
import type { InitOptions } from './cli/init.ts';
import type { CreateKeyOptions, KeysOptions, ListKeysOptions } from './cli/keys.ts';
import type { ModelsOptions } from './cli/models.ts';
import type { PredictOptions } from './cli/predict.ts';
import type { ProfileOptions } from './cli/profile.ts';
import type { ServeOptions } from './cli/serve.ts';
import type { ValidateOptions } from './cli/validate.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/**
 * The command line: the server, and what can be done with a folder of models without one. Each
 * command is imported when it is called, so that help does not wait for what it does not need.
 */

const { version } = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

const models = () => new Option('--models <folder>', 'folder of the models').env('MODELS_DIR');
const json = () => new Option('--json', 'print JSON instead of text');

const program = new Command('ml-inference-api')
  .description('Serves a folder of trained models over GraphQL and REST.')
  .version(version)
  .showHelpAfterError('(see --help)')
  .configureHelp({ showGlobalOptions: false });

program
  .command('serve', { isDefault: true })
  .description('start the server (the default command)')
  .addOption(new Option('-p, --port <number>', 'port to listen on').env('PORT'))
  .addOption(new Option('--host <address>', 'address to listen on').env('HOST'))
  .addOption(models())
  .addOption(
    new Option('--model-name <name>', 'serve the folder itself as the model of this name').env(
      'MODEL_NAME',
    ),
  )
  .addHelpText('after', '\nAll other settings come from the environment; see the README.')
  .action(async (options: ServeOptions) => (await import('./cli/serve.ts')).serve(options));

program
  .command('init')
  .description('create the folder of a model from its file')
  .argument('<file>', 'a .onnx file, a model.json of TensorFlow.js or the folder of a SavedModel')
  .addOption(new Option('--models <folder>', 'folder to create it in').default('.'))
  .option('--name <name>', 'name of the model; by default that of the file')
  .addHelpText(
    'after',
    `
Writes <name>/model.yaml, with comments, and <name>/1/.

Examples:
  $ ml-inference-api init sentiment.onnx --models models
  $ ml-inference-api serve --models models`,
  )
  .action(async (file: string, options: InitOptions) =>
    (await import('./cli/init.ts')).initModel(file, options),
  );

program
  .command('validate')
  .description('load one model as the server would and report every problem')
  .argument('<model>', 'name of the model, or the path of its folder')
  .addOption(models())
  .addOption(json())
  .addHelpText('after', '\nExits with status 1 if the model cannot be served.')
  .action(async (model: string, options: ValidateOptions) =>
    (await import('./cli/validate.ts')).validateModel(model, options),
  );

const modelsCommand = program
  .command('models')
  .description('load all models and show what each is, or why it cannot be served')
  .addOption(models())
  .addOption(new Option('--dir <folder>').hideHelp())
  .addOption(json())
  .addHelpText('after', '\nExits with status 1 if a model cannot be served.')
  .action(async (options: ModelsOptions) => (await import('./cli/models.ts')).listModels(options));

modelsCommand
  .command('add')
  .description(
    'add a model to the models folder: fetch, load and warm it, and show its typed field',
  )
  .argument(
    '<address>',
    'a folder, a file, or what MODELS_URL takes: hf://owner/name@revision, s3://…, mlflow:…',
  )
  .addOption(models())
  .addOption(new Option('--dir <folder>').hideHelp())
  .option('--name <name>', 'name of the model')
  .option('--force', 'replace a model of the same name')
  .action(async (address: string, options: AddOptions, command: Command) =>
    // The list of models has --dir too, and takes it where it stands before "add".
    (await import('./cli/add-model.ts')).addModel(address, {
      ...command.optsWithGlobals<AddOptions>(),
      ...options,
    }),
  );

program
  .command('predict')
  .description('make predictions without a server')
  .argument('<model>', 'name of the model, or the path of its folder')
  .argument('[input]', 'text, JSON, @FILE with either or an image, or - for standard input')
  .addOption(models())
  .option('--batch <file>', 'predict every row of a .csv, .jsonl or .txt file, or of - (lines)')
  .addOption(new Option('--top <number>', 'number of labels to show').argParser(Number).default(5))
  .addOption(json())
  .addHelpText(
    'after',
    `
With --batch, writes one JSON line per row, in order; a failed row is {"error": …}, and the exit
status is then 1.

Examples:
  $ ml-inference-api predict banking77 'Where is my card?'
  $ ml-inference-api predict digits @seven.png --json
  $ ml-inference-api predict penguins '{"island": "Dream", "body_mass_g": 3700}'
  $ ml-inference-api predict penguins --batch measurements.csv > predictions.jsonl`,
  )
  .action(async (model: string, input: string | undefined, options: PredictOptions) =>
    (await import('./cli/predict.ts')).predict(model, input, options),
  );

program
  .command('bench')
  .description('measure latency and throughput of one model on this machine')
  .argument('<model>', 'name of the model, or the path of its folder')
  .addOption(models())
  .option('--input <input>', 'input to predict; by default the first example of model.yaml')
  .addOption(
    new Option('--seconds <number>', 'time for each batch size').argParser(Number).default(3),
  )
  .addOption(
    new Option('--batch-sizes <list>', 'batch sizes to compare')
      .argParser((text) => text.split(',').map(Number))
      .default([1, 2, 4, 8, 16, 32, 64], '1,2,4,8,16,32,64'),
  )
  .addOption(json())
  .action(async (model: string, options: BenchOptions) =>
    (await import('./cli/bench.ts')).benchModel(model, options),
  );

program
  .command('profile')
  .description('create the reference that drift is measured against (profile.json)')
  .argument('<model>', 'name of the model')
  .option('--data <file>', 'rows of its training data: .csv, .jsonl or .parquet')
  .option('--from-live', 'use the recent traffic of a running server instead')
  .option('--label <column>', 'column of the data with the actual outcome')
  .option('--without <names>', 'features to leave out, separated by commas')
  .option('--model-version <name>', 'version of the model (the serving version)')
  .option('--out <file>', 'where to write it (profile.json in the folder of the version)')
  .option('--url <url>', 'URL of the server, for --from-live', 'http://localhost:8000')
  .addOption(
    new Option('--key <key>', 'API key with models:admin, for --from-live').env('ML_API_KEY'),
  )
  .addOption(models())
  .addHelpText(
    'after',
    `
Examples:
  $ ml-inference-api profile penguins --data penguins.csv --label species
  $ ml-inference-api profile penguins --from-live --url http://localhost:8000`,
  )
  .action(async (model: string, options: ProfileOptions) =>
    (await import('./cli/profile.ts')).makeProfile(model, options),
  );

program
  .command('schema')
  .description('print the GraphQL schema')
  .addOption(new Option('--models <folder>', 'include the typed fields of these models'))
  .action(async (options: { models?: string }) =>
    (await import('./cli/schema.ts')).showSchema(options),
  );

const keys = program.command('keys').description('create, list and revoke API keys');

const accessFile = () => new Option('--file <file>', 'the access file').env('ACCESS_FILE');

keys
  .command('create')
  .description('add a key to the access file and print it; it is not shown again')
  .argument('<name>', 'who the key is for')
  .option('--scopes <list>', 'scopes of the key', 'predict,models:read')
  .option('--any-scope', 'take scopes that neither the server nor a model of MODELS_DIR knows')
  .option('--models <list>', 'models that the key may use; all by default')
  .option('--rate <rate>', 'rate limit in rows or compute time, such as 600/minute or 600ms/minute')
  .option('--expires <time>', 'expiry: 30s, 15m, 12h, 30d or an ISO 8601 time')
  .option('--weight <number>', 'share of the queue when several keys compete for it; 1 by default')
  .addOption(accessFile())
  .addHelpText(
    'after',
    `
Scopes: predict, models:read, metrics:read, outcomes:write, models:admin, access:admin,
documents:any, and those that models ask for. The key alone goes to the standard output.`,
  )
  .action(async (name: string, options: CreateKeyOptions) =>
    (await import('./cli/keys.ts')).createKey(name, options),
  );

keys
  .command('list')
  .description('print the keys of the access file')
  .addOption(accessFile())
  .option('--json', 'print JSON instead of a table')
  .action(async (options: ListKeysOptions) => (await import('./cli/keys.ts')).listKeys(options));

keys
  .command('revoke')
  .description('revoke a key; its sockets and streams close within a second')
  .argument('<id>', 'id of the key, as `keys list` prints it')
  .addOption(accessFile())
  .action(async (id: string, options: KeysOptions) =>
    (await import('./cli/keys.ts')).revoke(id, options),
  );

program
  .command('completion')
  .description('print shell completions')
  .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
  .addHelpText('after', '\nExample:\n  $ ml-inference-api completion bash >> ~/.bashrc')
  .action(async (shell: string) =>
    (await import('./cli/completion.ts')).printCompletion(program, shell),
  );

try {
  // A word that is no command would otherwise reach the default command, as too many arguments.
  const [word] = process.argv.slice(2);
  const commands = [...program.commands.map((command) => command.name()), 'help'];
  if (word !== undefined && !word.startsWith('-') && !commands.includes(word)) {
    const { suggest } = await import('./cli/suggest.ts');
    const near = suggest(word, commands);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    program.error(`error: unknown command "${word}".${hint}`);
  }
  await program.parseAsync();
} catch (thrown) {
  (await import('./cli/report.ts')).reportFailure(thrown);
}
