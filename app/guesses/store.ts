import type { RedisClient } from '../redis/redis.server.ts'

/**
 * Redis as rate-limiter-flexible knows a client of ioredis: it defines its script as a command, and
 * calls it. Ours bounds the time, says when Redis is away, and has the name of the installation.
 */
export function storeOf(redis: RedisClient) {
  let script = ''
  return {
    defineCommand(_name: string, { lua }: { lua: string }) {
      script = lua
    },
    async rlflxIncr([key = '', ...args]: string[]): Promise<unknown> {
      const answer = await redis.script(script, [key], args)
      if (answer === undefined) throw new Error('Redis is away')
      return answer
    },
  }
}
