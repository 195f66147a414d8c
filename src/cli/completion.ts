import type { Command } from 'commander';
import { UsageError } from './report.ts';

/** Shells that completions can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * Prints the completions of a shell: the commands, and the options of each.
 *
 * @throws {UsageError} for another shell
 */
export function printCompletion(program: Command, shell: string): void {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: command.description().replaceAll("'", ''),
    options: command.options.flatMap(({ long }) => (long ? [long] : [])),
  }));
  const name = program.name();
  const write = { bash: writeBash, zsh: writeZsh, fish: writeFish }[shell];
  if (!write) throw new UsageError(`Completions exist for ${SHELLS.join(', ')}.`);
  process.stdout.write(write(name, commands));
}

interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly string[];
}

function writeBash(name: string, commands: readonly CommandWords[]): string {
  const fn = `_${name.replaceAll('-', '_')}`;
  return `${fn}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${commands.map((each) => each.name).join(' ')}'
  else
    case "\${COMP_WORDS[1]}" in
${commands.map((each) => `      ${each.name}) words='${each.options.join(' ')}' ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${fn} ${name}
`;
}

function writeZsh(name: string, commands: readonly CommandWords[]): string {
  return `autoload -U +X bashcompinit && bashcompinit
${writeBash(name, commands)}`;
}

function writeFish(name: string, commands: readonly CommandWords[]): string {
  return `${commands
    .flatMap(({ name: command, about, options }) => [
      `complete -c ${name} -n __fish_use_subcommand -a ${command} -d '${about}'`,
      ...options.map(
        (option) =>
          `complete -c ${name} -n '__fish_seen_subcommand_from ${command}' -l ${option.slice(2)}`,
      ),
    ])
    .join('\n')}\n`;
}
