// The setting `timing`.

extension Setting {
  static let timing = Setting.onOff("timing", "Whether times stand under results on a terminal", \.timing)
}
