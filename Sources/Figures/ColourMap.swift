/// A colour in sRGB, components 0…1.
package struct Colour: Sendable, Equatable {
  var red: Double
  var green: Double
  var blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// From 0xRRGGBB.
  package init(_ hex: UInt32) {
    self.init(Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
  }

  /// Lighter (factor > 1) or darker.
  func shaded(_ factor: Double) -> Colour {
    Colour(min(1, red * factor), min(1, green * factor), min(1, blue * factor))
  }

  func mixed(with other: Colour, _ share: Double) -> Colour {
    Colour(
      red + (other.red - red) * share, green + (other.green - green) * share,
      blue + (other.blue - blue) * share)
  }

  /// As cairo's 24-bit images hold it, 0x00RRGGBB.
  var pixel: UInt32 {
    func byte(_ value: Double) -> UInt32 { UInt32(max(0, min(255, (value * 255).rounded()))) }
    return byte(red) << 16 | byte(green) << 8 | byte(blue)
  }
}

/// A perceptually uniform sequence of colours from dark (0) to light (1), between the entries of a table.
struct ColourMap: Sendable {
  let table: [Colour]

  /// Values outside 0…1 take the colour of the nearer end; what is not a number is grey.
  subscript(value: Double) -> Colour {
    guard !value.isNaN else { return Colour(0x808080) }
    let place = max(0, min(1, value)) * Double(table.count - 1)
    let index = min(Int(place), table.count - 2)
    return table[index].mixed(with: table[index + 1], place - Double(index))
  }

  /// For concentrations: dark where the salt is used up, pale in the bulk, hues that no metal has.
  ///
  /// Source: cmocean "deep", reversed, without its darkest and palest ends; K. Thyng et al.,
  /// Oceanography 29 (2016) 9–13, MIT licence.
  static let salt = ColourMap(
    table: [
      0x2D1E35, 0x35294C, 0x3C3464, 0x41407D, 0x40508E, 0x3E6194, 0x3F7097, 0x43809B, 0x488F9E, 0x4E9FA1,
      0x56AFA4, 0x63BFA4, 0x79CDA3, 0x97DAA4, 0xB8E5AB,
    ].map { Colour(UInt32($0)) })

  /// For heights.
  ///
  /// Source: "lipari", F. Crameri, Scientific colour maps 8.0 (2023), MIT licence.
  static let height = ColourMap(
    table: [
      0x183E61, 0x365176, 0x525B7A, 0x655E77, 0x785F72, 0x8D616D, 0xA56267, 0xBF6561, 0xDA6F5E, 0xE98466,
      0xE99B74, 0xE5AF84, 0xE7C49A, 0xF1DDB9, 0xFDF5DA,
    ].map { Colour(UInt32($0)) })
}
