extension Problem {
  static let currents: [Problem] = []
  static let books: [Problem] = []
}
