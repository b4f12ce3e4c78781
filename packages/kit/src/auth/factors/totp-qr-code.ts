import QRCode from 'qrcode'

/** The same picture in two forms, for pages and for apps. */
export interface TotpQrCode {
  /** The markup of an SVG. */
  readonly qr_svg: string
  /** A PNG, as a `data:` address. */
  readonly qr_png: string
}

const MARGIN = 2

export async function totpQrCode(uri: string): Promise<TotpQrCode> {
  const [qr_svg, qr_png] = await Promise.all([
    QRCode.toString(uri, { type: 'svg', margin: MARGIN }),
    QRCode.toDataURL(uri, { margin: MARGIN }),
  ])
  return { qr_svg, qr_png }
}
