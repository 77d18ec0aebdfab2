export function bearerHeaders(_body: string | Uint8Array, secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}
