/** @module A TOTP seed to enrol: as a QR code drawn in this page, and as text for those who cannot scan it. */
import { Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CopyText } from '../ui/CopyText.js'

export function TotpSeed({ uri, secret }: { uri: string; secret: string }) {
  const path = useQuery({
    queryKey: ['qr', uri],
    queryFn: () => drawQr(uri),
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Group align="flex-start" gap="md">
      {path.data ? (
        <svg
          className="gh-qr"
          role="img"
          aria-label="QR code to scan with your authenticator app"
          viewBox={`0 0 ${path.data.size} ${path.data.size}`}
          shapeRendering="crispEdges"
        >
          <path d={path.data.d} fill="#000" />
        </svg>
      ) : path.isError ? null : (
        <Skeleton className="gh-qr" w={184} h={184} />
      )}
      <Stack gap={6} style={{ flex: '1 1 180px' }}>
        <Text>Scan this code with an authenticator app on your phone.</Text>
        <Text size="sm" c="dimmed">
          Or type this key into the app:
        </Text>
        <CopyText value={secret} shown={secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} name="key" />
      </Stack>
    </Group>
  )
}

/** One path for all dark modules: the library's own SVG text would need to be trusted as markup. */
async function drawQr(text: string): Promise<{ size: number; d: string }> {
  const { create } = await import('qrcode')
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  let d = ''
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) if (modules.get(y, x)) d += `M${x} ${y}h1v1h-1z`
  }
  return { size: modules.size, d }
}
