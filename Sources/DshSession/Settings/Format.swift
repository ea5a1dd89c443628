// The setting `format`.

extension Setting {
  static let format = Setting.choice("format", "How results are printed", \.format)
}
