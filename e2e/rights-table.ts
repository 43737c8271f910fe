import type { Right } from '../app/values/teams/roles.ts'

/**
 * What each page needs to be seen, and its form to be obeyed: `anybody` who is in the account. A
 * route that is missing here fails the test that goes over all of them.
 */
export const rightsTable: Record<string, { see: Right | 'anybody'; act?: Right | 'anybody' }> = {
  'routes/dashboard': { see: 'anybody' },
  'routes/usage': { see: 'anybody' },
  'routes/usage[.]csv': { see: 'anybody' },
  'routes/usage[.]jsonl': { see: 'anybody' },
  'routes/usage_.days[.]csv': { see: 'anybody' },
  'routes/calls.$id': { see: 'anybody' },
  'routes/keys': { see: 'manage-own-keys', act: 'manage-own-keys' },
  'routes/keys_.$id': { see: 'manage-own-keys', act: 'manage-own-keys' },
  'routes/keys_.$id_.revoke': { see: 'manage-own-keys', act: 'manage-own-keys' },
  'routes/keys_.$id_.rotate': { see: 'manage-own-keys', act: 'manage-own-keys' },
  'routes/playground': { see: 'manage-own-keys', act: 'manage-own-keys' },
  // It has nothing to be seen.
  'routes/playground_.answer': { see: 'anybody', act: 'manage-own-keys' },
  'routes/billing_.plans': { see: 'manage-money', act: 'manage-money' },
  'routes/billing_.orders': { see: 'see-money' },
  'routes/billing_.orders_.$id': { see: 'see-money', act: 'manage-money' },
  'routes/billing_.orders_.$id_.receipt': { see: 'see-money', act: 'manage-money' },
  // The form of the example sets the account's threshold; what one is told oneself is one's own.
  'routes/settings_.notices': { see: 'anybody', act: 'manage-account' },
  'routes/settings_.notices_.confirm': { see: 'anybody', act: 'anybody' },
  'routes/billing': { see: 'see-money', act: 'manage-money' },
  'routes/settings': { see: 'anybody', act: 'anybody' },
  'routes/settings_.people': { see: 'anybody', act: 'manage-people' },
  'routes/settings_.people_.$id': { see: 'anybody', act: 'anybody' },
  'routes/settings_.log': { see: 'manage-account' },
  'routes/switch': { see: 'anybody', act: 'anybody' },
  'routes/join.$token': { see: 'anybody', act: 'anybody' },
}
