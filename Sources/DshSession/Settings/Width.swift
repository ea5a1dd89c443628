// The setting `width`.

extension Setting {
  static let width = Setting.count(
    "width", within: 0...100_000, orNone: "auto", "Columns of terminal that tables fill; 0 shows all, auto follows the terminal",
    example: "N is a whole number", \.width)
}
