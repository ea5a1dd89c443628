// The setting `width`.

extension Setting {
  static let width = Setting.count(
    "width", within: Settings.widthRange, orNone: "auto", "Columns of terminal that tables fill; 0 shows all, auto follows the terminal",
    \.width)
}
