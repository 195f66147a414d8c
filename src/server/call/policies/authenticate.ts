import type { ClientAddress } from '../../../access/client-address.ts';
import type { Access } from '../../../access/access.ts';
import { readCredential, refuseCredentialInUrl } from '../../../access/credential.ts';
import { ServiceError } from '../../../errors.ts';
import type { Principal } from '../../../services/principal.ts';
import type { Policy } from '../policy.ts';
import type { CallSource, ServerCall } from '../server-call.ts';

/**
 * Finds out who calls. Until it has, the principal of a call may do nothing; what needs no name is
 * decided by the handler that was found, never by the path.
 */
export function authenticate(access: Access): Policy {
  const find = (
    source: CallSource,
    address: ClientAddress,
  ): Principal | undefined | Promise<Principal> => {
    if (source.search) refuseCredentialInUrl(source.search);
    const credential = readCredential(
      { authorization: source.header('authorization'), 'x-api-key': source.header('x-api-key') },
      source.rawHeaders,
    );
    // A browser cannot send headers with it: the credential comes with connection_init.
    if (source.isUpgrade && credential === undefined) return undefined;
    return access.authenticator.authenticate(credential, address);
  };
  const nameIfPossible = async (call: ServerCall, address: ClientAddress): Promise<void> => {
    const { source } = call;
    if (!source.header('authorization') && !source.header('x-api-key')) return;
    try {
      call.principal = (await find(source, address)) ?? call.principal;
    } catch {
      // Who is refused is told no more than who has no credential.
    }
  };
  return {
    name: 'authenticate',
    admit(call) {
      const { source } = call;
      const address = access.addresses.of(source);
      call.clientAddress = address.address;
      if (source.session) {
        call.principal = source.session.principal;
        return;
      }
      if (source.isPublic) {
        // Who needs no name may see in the pages what everybody may see.
        if (!access.authenticator.isClosed) {
          call.principal = access.authenticator.anonymous(address);
          return;
        }
        // A probe answers anybody; it tells more to whom it may.
        return source.isProbe ? nameIfPossible(call, address) : undefined;
      }
      try {
        const found = find(source, address);
        if (!(found instanceof Promise)) {
          if (found) call.principal = found;
          return;
        }
        return found.then(
          (principal) => {
            call.principal = principal;
          },
          (thrown: unknown) => {
            throw challenged(call, thrown);
          },
        );
      } catch (thrown) {
        throw challenged(call, thrown);
      }
    },
  };
}

/** Says how to come in (RFC 9110, section 11.6.1). */
function challenged(call: ServerCall, thrown: unknown): unknown {
  if (thrown instanceof ServiceError && thrown.code === 'UNAUTHENTICATED') {
    call.addHeader('WWW-Authenticate', 'Bearer');
  }
  return thrown;
}
