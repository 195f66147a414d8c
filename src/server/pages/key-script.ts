/**
 * A script for the pages that are not ours (GraphiQL, Swagger UI, ReDoc): it asks for a key when the
 * server wants one, keeps it for the tab (the console reads the same entry), and sends it with every
 * request to this server that brings no credential of its own. It is never kept in a cookie.
 */
export const KEY_SCRIPT = `(() => {
  const KEPT_AS = 'ml-inference-api-key';
  const read = () => {
    try {
      return sessionStorage.getItem(KEPT_AS) || '';
    } catch {
      return '';
    }
  };
  const ask = (refused) => {
    if (document.getElementById('key-dialog')) return;
    const dialog = document.createElement('dialog');
    dialog.id = 'key-dialog';
    dialog.setAttribute('aria-labelledby', 'key-title');
    dialog.innerHTML =
      '<form method="dialog" style="font: 15px/1.5 system-ui, sans-serif; display: grid; gap: 10px; width: 360px; max-width: 80vw">' +
      '<h2 id="key-title" style="margin: 0; font-size: 17px">This server asks for a key</h2>' +
      '<label>API key or token<br><input name="key" type="password" autocomplete="off" style="width: 100%; box-sizing: border-box; padding: 6px; font: inherit"></label>' +
      '<p role="alert" style="margin: 0; color: #b3261e"></p>' +
      '<p style="margin: 0; opacity: 0.75">It is kept for this tab only.</p>' +
      '<button style="justify-self: start; padding: 6px 14px; font: inherit">Use key</button></form>';
    dialog.querySelector('[role=alert]').textContent = refused
      ? 'The server does not accept this key.'
      : '';
    dialog.querySelector('form').addEventListener('submit', () => {
      const key = dialog.querySelector('input').value.trim();
      try {
        if (key) sessionStorage.setItem(KEPT_AS, key);
        else sessionStorage.removeItem(KEPT_AS);
      } catch {}
      location.reload();
    });
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  const whenLoaded = (work) =>
    document.body ? work() : addEventListener('DOMContentLoaded', work, { once: true });

  const nativeFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const isRequest = input instanceof Request;
    const isOurs = new URL(isRequest ? input.url : input, document.baseURI).origin === location.origin;
    if (!isOurs) return nativeFetch(input, init);
    const headers = new Headers((init && init.headers) || (isRequest ? input.headers : undefined));
    const key = read();
    const hasOwn = headers.has('authorization') || headers.has('x-api-key');
    if (key && !hasOwn) headers.set('authorization', 'Bearer ' + key);
    const response = await nativeFetch(input, { ...init, headers });
    if (response.status === 401 && !hasOwn) whenLoaded(() => ask(key !== ''));
    return response;
  };

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const key = read();
    if (key && typeof data === 'string' && data.includes('"connection_init"')) {
      const message = JSON.parse(data);
      const { headers, ...payload } = message.payload || {};
      const hasOwn = payload.authorization || payload.apiKey;
      if (message.type === 'connection_init' && !hasOwn) {
        return send.call(this, JSON.stringify({ ...message, payload: { ...payload, apiKey: key } }));
      }
    }
    return send.call(this, data);
  };
})();
`;
