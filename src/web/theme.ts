/**
 * @module The look: one accent colour (petrol), 14 px text, the system's own typefaces, and colours that keep a
 * contrast of at least 4.5 to 1 in both schemes (WCAG 2.2 SC 1.4.3).
 */
import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#eaf5f5',
  '#d3e9ea',
  '#a8d4d6',
  '#7bc0c4',
  '#57b2b7',
  '#2f979d',
  '#17828a',
  '#0d6d75',
  '#0a5860',
  '#07424a',
]
const red: MantineColorsTuple = [
  '#fdeeee',
  '#f8d9d9',
  '#f0b4b4',
  '#ef9a9a',
  '#ec8383',
  '#d84c4c',
  '#c93a3a',
  '#b42b2b',
  '#962121',
  '#701818',
]
const amber: MantineColorsTuple = [
  '#fdf5e3',
  '#f9e7bf',
  '#f2d48b',
  '#ebc25b',
  '#e0ad33',
  '#b98514',
  '#9a6b0a',
  '#805805',
  '#684703',
  '#4d3502',
]
const green: MantineColorsTuple = [
  '#ecf6ee',
  '#d5ebd9',
  '#aad6b3',
  '#82c490',
  '#63b375',
  '#3f9654',
  '#2c8043',
  '#1f6c35',
  '#185629',
  '#113f1e',
]
const gray: MantineColorsTuple = [
  '#f6f8f8',
  '#eef1f2',
  '#e1e6e7',
  '#d2d9db',
  '#b8c2c5',
  '#8e9b9f',
  '#6d7a7e',
  '#556165',
  '#384245',
  '#1c2325',
]
const dark: MantineColorsTuple = [
  '#dde4e5',
  '#b9c4c6',
  '#98a5a9',
  '#6b787c',
  '#3b4649',
  '#2d3739',
  '#21292b',
  '#161b1d',
  '#111516',
  '#0b0e0f',
]

/** Filled controls take the text colour that fits their own scheme; the library computes one for both. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  return input.variant === 'filled' ? { ...colors, color: 'var(--gh-on-filled)' } : colors
}

const dialog = {
  closeButtonProps: { 'aria-label': 'Close' },
  // The header element of a dialog would count as a second banner of the page.
  attributes: { header: { role: 'presentation' } },
  styles: { title: { fontSize: '16px', fontWeight: 650 } },
}

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 4 },
  colors: { petrol, red, amber, green, gray, dark },
  white: '#ffffff',
  black: '#1c2325',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
  fontWeights: { regular: '400', medium: '500', bold: '650' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '1.3' },
      h2: { fontSize: '16px', lineHeight: '1.4' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver,
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Anchor: { defaultProps: { underline: 'always' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } },
    Drawer: { defaultProps: dialog },
    Modal: { defaultProps: { ...dialog, centered: true } },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        openDelay: 300,
        events: { hover: true, focus: true, touch: true },
        // Beside its target, so that it stays inside the dialog or landmark that the target is in.
        withinPortal: false,
      },
    },
  },
})

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--gh-on-filled': '#ffffff',
    '--gh-surface': '#ffffff',
    '--gh-rail': '#f6f8f8',
    '--gh-line': '#e1e6e7',
    '--gh-hover': '#eaeeef',
    '--gh-selected': '#dceeef',
    '--gh-caution': '#fdf5e3',
    '--gh-success': '#1f6c35',
    '--gh-added': '#e2f2e6',
    '--gh-removed': '#fae7e7',
    '--mantine-color-text': '#1c2325',
    '--mantine-color-dimmed': '#556165',
    '--mantine-color-placeholder': '#66737a',
    '--mantine-color-anchor': '#0d6d75',
    '--mantine-color-error': '#b42b2b',
    '--mantine-color-default-border': '#c3cccf',
    ...lightText('9'),
  },
  dark: {
    '--gh-on-filled': '#0b0e0f',
    '--gh-surface': '#1a2022',
    '--gh-rail': '#111516',
    '--gh-line': '#2d3739',
    '--gh-hover': '#20282a',
    '--gh-selected': '#17373a',
    '--gh-caution': '#2b2517',
    '--gh-success': '#82c490',
    '--gh-added': '#173021',
    '--gh-removed': '#3a1e1e',
    '--mantine-color-text': '#dde4e5',
    '--mantine-color-dimmed': '#9fabaf',
    '--mantine-color-placeholder': '#8f9ca0',
    '--mantine-color-anchor': '#7bc0c4',
    '--mantine-color-error': '#ef9a9a',
    '--mantine-color-default-border': '#3f4b4e',
    ...lightText('2'),
  },
})

/** Text on tinted badges and alerts. */
function lightText(shade: string): Record<string, string> {
  const names = ['petrol', 'red', 'amber', 'green', 'gray']
  return Object.fromEntries(
    names.map((name) => [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-${shade})`]),
  )
}
