import type { Command } from 'commander';
import { UsageError } from './report.ts';

/** Shells that completions can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * Prints the completions of a shell: the commands and those below them, the options of each, the
 * names of models where one is wanted, and files everywhere else.
 *
 * @throws {UsageError} for another shell
 */
export function printCompletion(program: Command, shell: string): void {
  const name = program.name();
  const write = { bash: writeBash, zsh: writeZsh, fish: writeFish }[shell];
  if (!write) throw new UsageError(`Completions exist for ${SHELLS.join(', ')}.`);
  process.stdout.write(write(name, program.commands.map(wordsOf)));
}

interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly string[];
  /** Whether its first argument is a model. */
  readonly takesModel: boolean;
  readonly commands: readonly CommandWords[];
}

function wordsOf(command: Command): CommandWords {
  return {
    name: command.name(),
    about: command.description().replaceAll("'", ''),
    options: command.options.flatMap(({ long }) => (long ? [long] : [])),
    takesModel: command.registeredArguments[0]?.name() === 'model',
    commands: command.commands.map(wordsOf),
  };
}

/** Names of the folders of models, in a shell of any kind. */
const LIST_MODELS = 'ls "${MODELS_DIR:-models}" 2>/dev/null';

function writeBash(name: string, commands: readonly CommandWords[]): string {
  const fn = `_${name.replaceAll('-', '_')}`;
  return `${fn}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${commands.map((each) => each.name).join(' ')}'
  else
    case "\${COMP_WORDS[1]}" in
${commands.map((each) => `      ${each.name}) ${wordsBelow(each)} ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${fn} ${name}
`;
}

/** A line of bash that finds the words which may follow a command. */
function wordsBelow({ options, takesModel, commands }: CommandWords): string {
  const own = `words='${[...commands.map((each) => each.name), ...options].join(' ')}'`;
  if (takesModel) {
    return `${own}; [ "$COMP_CWORD" -ne 2 ] || words="$words $(${LIST_MODELS})"`;
  }
  if (commands.length === 0) return own;
  const cases = commands.map((each) => `${each.name}) words='${each.options.join(' ')}' ;;`);
  return `${own}; [ "$COMP_CWORD" -eq 2 ] || case "\${COMP_WORDS[2]}" in ${cases.join(' ')} esac`;
}

function writeZsh(name: string, commands: readonly CommandWords[]): string {
  return `autoload -U +X bashcompinit && bashcompinit
${writeBash(name, commands)}`;
}

function writeFish(name: string, commands: readonly CommandWords[]): string {
  const complete = `complete -c ${name}`;
  const seen = (words: string) => `__fish_seen_subcommand_from ${words}`;
  const lines = commands.flatMap(
    ({ name: command, about, options, takesModel, commands: below }) => [
      `${complete} -n __fish_use_subcommand -a ${command} -d '${about}'`,
      ...options.map((option) => `${complete} -n '${seen(command)}' -l ${option.slice(2)}`),
      ...(takesModel ? [`${complete} -n '${seen(command)}' -a '(${FISH_MODELS})'`] : []),
      ...below.flatMap((each) => [
        `${complete} -n '${seen(command)}; and not ${seen(below.map((one) => one.name).join(' '))}' -a ${each.name} -d '${each.about}'`,
        ...each.options.map(
          (option) =>
            `${complete} -n '${seen(command)}; and ${seen(each.name)}' -l ${option.slice(2)}`,
        ),
      ]),
    ],
  );
  return `${lines.join('\n')}\n`;
}

/** {@link LIST_MODELS} as fish spells it. */
const FISH_MODELS = 'set -q MODELS_DIR; and ls $MODELS_DIR 2>/dev/null; or ls models 2>/dev/null';
