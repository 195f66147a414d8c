import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Icon } from './icons.tsx';

type Theme = 'light' | 'dark';

const KEY = 'theme';
const CHANGED = 'themechange';
const system = window.matchMedia('(prefers-color-scheme: dark)');

function systemTheme(): Theme {
  return system.matches ? 'dark' : 'light';
}

function storedTheme(): Theme | undefined {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : undefined;
  } catch {
    // Storage may be forbidden; the theme of the system then stands.
    return undefined;
  }
}

function apply(theme: Theme | undefined): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  window.dispatchEvent(new Event(CHANGED));
}

/** Sets the chosen theme; to be called before anything is drawn. */
export function initTheme(): void {
  apply(storedTheme());
  system.addEventListener('change', () => window.dispatchEvent(new Event(CHANGED)));
}

/** The theme that is seen now: the chosen one, else that of the system. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState<Theme>(storedTheme() ?? systemTheme());
  useEffect(() => {
    const update = (): void => setTheme(storedTheme() ?? systemTheme());
    window.addEventListener(CHANGED, update);
    return () => window.removeEventListener(CHANGED, update);
  }, []);
  return theme;
}

/** Switches between light and dark. Choosing what the system has follows the system again. */
export function ThemeToggle(): JSX.Element {
  const theme = useTheme();
  const other: Theme = theme === 'dark' ? 'light' : 'dark';
  const choose = (): void => {
    const chosen = other === systemTheme() ? undefined : other;
    try {
      if (chosen) localStorage.setItem(KEY, chosen);
      else localStorage.removeItem(KEY);
    } catch {
      // It then holds until the page is left.
    }
    apply(chosen);
  };
  return (
    <button
      type="button"
      class="icon-button"
      onClick={choose}
      aria-label={`Switch to the ${other} theme`}
      title={`Switch to the ${other} theme`}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
