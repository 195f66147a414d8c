import { render } from 'preact';
import { App } from './app.tsx';
import { initTheme } from './ui/theme.tsx';
import './styles/index.css';

initTheme();
const root = document.getElementById('app');
if (root) render(<App />, root);
