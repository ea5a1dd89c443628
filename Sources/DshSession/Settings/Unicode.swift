// The setting `unicode`.

extension Setting {
  static let unicode = Setting(
    name: "unicode", placeholder: "on|off|auto", summary: "Whether frames, bars and maps are drawn with Unicode; auto follows the locale",
    read: { $0.unicode.map { $0 ? "on" : "off" } ?? "auto" },
    write: { settings, text in
      guard ["on", "off", "auto"].contains(text) else { return false }
      settings.unicode = text == "auto" ? nil : text == "on"
      return true
    })
}
