// The setting `width`.

extension Setting {
  static let width = Setting(
    name: "width", placeholder: "N|auto", summary: "Columns of terminal that tables fill; 0 shows all, auto follows the terminal",
    example: "N is a whole number",
    read: { $0.width.map(String.init) ?? "auto" },
    write: { settings, text in
      if text == "auto" {
        settings.width = nil
        return true
      }
      guard let width = Int(text), width >= 0, width <= 100_000 else { return false }
      settings.width = width
      return true
    })
}
