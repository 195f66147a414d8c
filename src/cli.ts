#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import type { AddOptions } from './cli/add-model.ts';
import type { CreateKeyOptions, KeysOptions, ListKeysOptions } from './cli/keys.ts';
import type { ModelsOptions } from './cli/models.ts';
import type { PredictOptions } from './cli/predict.ts';
import type { ServeOptions } from './cli/serve.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/**
 * The command line: the server, and what can be asked of a folder of models without one. Each
 * command is imported when it is called for, so that help does not wait for what it does not need.
 */

const { version } = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

const models = () => new Option('--models <folder>', 'folder of the models').env('MODELS_DIR');

const program = new Command('ml-inference-api')
  .description('Serves a folder of trained models by GraphQL and REST.')
  .version(version)
  .showHelpAfterError('(add --help for what there is)')
  .configureHelp({ showGlobalOptions: false });

program
  .command('serve', { isDefault: true })
  .description('start the server (what is started without any command)')
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

const modelsCommand = program
  .command('models')
  .description('load the models of a folder and show what each is, or why it cannot be used')
  .addOption(new Option('--dir <folder>', 'folder of the models').env('MODELS_DIR'))
  .option('--json', 'print JSON instead of a table')
  .addHelpText('after', '\nEnds with status 1 when a model cannot be used.')
  .action(async (options: ModelsOptions) => (await import('./cli/models.ts')).listModels(options));

modelsCommand
  .command('add')
  .description('put a model into the folder: fetch it, load it, warm it, show its typed field')
  .argument(
    '<address>',
    'a folder, a file, or what MODELS_URL takes: hf://owner/name@revision, s3://…, mlflow:…',
  )
  .addOption(new Option('--dir <folder>', 'folder of the models').env('MODELS_DIR'))
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
  .description('make one prediction, without a server')
  .argument('<model>', 'name of the model')
  .argument('<input>', 'a text, JSON, @FILE with one of them or an image, or - for standard input')
  .addOption(models())
  .addOption(new Option('--top <number>', 'how many labels to show').argParser(Number).default(5))
  .option('--json', 'print JSON instead of text')
  .addHelpText(
    'after',
    `
Examples:
  $ ml-inference-api predict banking77 'Where is my card?'
  $ ml-inference-api predict digits @seven.png --json
  $ ml-inference-api predict penguins '{"island": "Dream", "body_mass_g": 3700}'`,
  )
  .action(async (model: string, input: string, options: PredictOptions) =>
    (await import('./cli/predict.ts')).predictOnce(model, input, options),
  );

program
  .command('schema')
  .description('print the GraphQL schema')
  .addOption(new Option('--models <folder>', 'with the fields that these models add'))
  .action(async (options: { models?: string }) =>
    (await import('./cli/schema.ts')).showSchema(options),
  );

const keys = program.command('keys').description('create, list and revoke API keys');

const accessFile = () => new Option('--file <file>', 'the access file').env('ACCESS_FILE');

keys
  .command('create')
  .description('add a key to the access file, and print it this once')
  .argument('<name>', 'who the key is for')
  .option('--scopes <list>', 'what it may do', 'predict,models:read')
  .option('--models <list>', 'the models it may use; left out: all')
  .option('--rate <rate>', 'rows or compute that it may use, such as 600/minute or 600ms/minute')
  .option('--expires <time>', 'when it ends: 30s, 15m, 12h, 30d or an ISO 8601 time')
  .option('--weight <number>', 'its share where several keys wait; left out: 1')
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
  .description('make a key worthless; its sockets and streams close within a second')
  .argument('<id>', 'id of the key, as `keys list` prints it')
  .addOption(accessFile())
  .action(async (id: string, options: KeysOptions) =>
    (await import('./cli/keys.ts')).revoke(id, options),
  );

await program.parseAsync().catch(async (thrown: unknown) => {
  (await import('./cli/report.ts')).reportFailure(thrown);
});
