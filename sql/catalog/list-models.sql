-- returns many
-- column kind ModelKind
select name, kind, context_tokens as contextTokens, output_tokens_max as outputTokensMax,
       reasoning, vision, owned_by as ownedBy, enabled, retires_on as retiresOn,
       sale_factor as saleFactor, created_at as createdAt
  from models order by name
