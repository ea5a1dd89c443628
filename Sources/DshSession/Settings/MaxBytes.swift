// The setting `max-bytes`.

import DshDiagnostics

extension Setting {
  static let maxBytes = Setting(
    name: "max-bytes", placeholder: "SIZE", summary: "take_all refuses to bring more bytes than this to the shell",
    example: "SIZE is a number of bytes, or one like 512M or 2G",
    read: { String($0.maxBytes) },
    write: { settings, text in
      guard let bytes = parseSizeText(text) else { return false }
      settings.maxBytes = bytes
      return true
    })
}
