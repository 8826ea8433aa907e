package main

import "strings"

// heading is a chapter of the Harmonized System, what it is called here, and the words
// of a description that tell it. Grams are typical of an article of 1 to 3 pounds.
type heading struct {
	chapter  string
	category string
	grams    int64
	words    string // separated by commas; a word may be a phrase
}

// headings stand in the order in which they are tried. The Harmonized System goes by use
// where it can (jewellery, clocks, toys, candles, lamps) and by material where it
// cannot, so uses come first, then materials, then shapes that suggest a material.
var headings = []heading{
	{"40", "Rubber", 450, "HOT WATER BOTTLE,ERASER,RUBBER"},
	{"71", "Jewellery", 30, "NECKLACE,NECKLAC,BRACELET,EARRING,PENDANT,BROOCH,BANGLE,ANKLET,LARIAT,DIAMANTE,PHONE CHARM,CHARM,HAIR CLIP,RING,CUFFLINK"},
	{"91", "Clocks", 400, "CLOCK,WATCH"},
	{"66", "Umbrellas", 450, "UMBRELLA,PARASOL"},
	{"85", "Electrical goods", 300, "RADIO,HEADPHONE,SPEAKER,TORCH,FRIDGE MAGNET,MAGNET"},
	{"90", "Instruments and glasses", 150, "THERMOMETER,SUNGLASSES,SPIRIT LEVEL,TAPE MEASURE,CALCULATOR"},
	{"83", "Small metal ware", 150, "KNOB,HOOK,COATHOOK,HANGER,PHOTO FRAME,PHOTOFRAME,KEYRING,KEY RING,KEY FOB,PADLOCK"},
	{"70", "Glass", 300, "GLASS HOLDER,GLASS T LIGHT,GLASS TLIGHT,GLASS CANDLE,GLASS LANTERN"},
	{"69", "Ceramics", 300, "CERAMIC T LIGHT,PORCELAIN T LIGHT,PORCELAIN TLIGHT,CERAMIC CANDLE,CERAMIC LANTERN"},
	{"63", "Textiles", 200, "CUSHION COVER,C COVER,TABLE RUN,TABLE RUNNER"},
	{"94", "Lamps and furniture", 500, "T LIGHT HOLDER,TLIGHT HOLDER,CANDLE HOLDER,CANDLEHOLDER,CANDLESTICK,CANDLE STICK,CANDLEPOT,CANDLESTAND,LANTERN,CHANDELIER,BURNER"},
	{"34", "Candles and soap", 200, "CANDLE,T LIGHT,TLIGHT,SOAP,WAX"},
	{"94", "Lamps and furniture", 600, "LAMP,LAMPSHADE,LIGHT,NIGHTLIGHT,STOOL,CHAIR,TABLE,CABINET,SHELF,DRAWER,RACK,CUSHION,QUILT,BEDSIDE,DRESSER,POUFFE"},
	{"33", "Scents", 90, "INCENSE,PERFUME,FRAGRANCE,LIP GLOSS,BATH SALT,POTPOURRI"},
	{"95", "Toys and festive articles", 160, "PLAYING CARD,TOY,GAME,DOLL,JIGSAW,PUZZLE,SKITTLE,YOYO,DOMINO,PUPPET,KITE,BINGO,SPINNING TOP,TEDDY,SNAKE,SOLDIER,TRAIN,ROCKING HORSE,HELICOPTER,NAUGHTS CROSSES,PLAYHOUSE,BUBBLE,MAGIC,BALLOON,PARTY"},
	{"49", "Printed matter", 70, "CARD,CALENDAR,BOOK,STICKER,POSTER,PICTURE,PRINT,POSTCARD,ORGANISER,WALL ART,GREETING"},
	{"48", "Paper", 90, "WRAP,PAPER,NOTEBOOK,NAPKIN,TISSUE,DOILY,DOILIES,CAKE CASE,ENVELOPE,JOURNAL,GIFT BAG,GIFT TAG,TAG,TAPE,ALBUM,NOTE,NOTEPAD,NOTELET,SKETCHBOOK,STATIONERY,GIFT BOXE,GIFT BOX,MEMO,CARTON,CONFETTI,FILE"},
	{"95", "Toys and festive articles", 120, "CHRISTMAS,XMAS,EASTER,HALLOWEEN,BAUBLE,SNOWMAN,SANTA,REINDEER,ADVENT,WREATH,DECORATION,GARLAND,STOCKING,TINSEL"},
	{"96", "Pens, brushes and hair grips", 60, "PEN,PENCIL,CRAYON,CHALK,BRUSH,HAIR,COMB,SEWING KIT,BUTTON,LIGHTER"},
	{"82", "Cutlery and tools", 250, "CUTLERY,KNIFE,FORK,SPOON,SCISSOR,SPADE,TROWEL,TOOL,BAKING SET,COOKIE CUTTER,WHISK"},
	{"42", "Bags and purses", 220, "BAG,PURSE,WALLET,SHOPPER,HANDBAG,BACKPACK,RUCKSACK,LUGGAGE,WASHBAG,SATCHEL,PASSPORT,CASE,POUCH"},
	{"46", "Wickerwork", 500, "WICKER,BASKET,HAMPER,RAFFIA,STRAW"},
	{"63", "Textiles", 220, "TEA TOWEL,TOWEL,APRON,BUNTING,OVEN GLOVE,CURTAIN,THROW,TABLECLOTH,LINEN,COTTON,FELT,FELTCRAFT,FABRIC,KNITTED,CROCHET,LACE,RIBBON,RUG,DOORMAT,DOOR MAT,MAT,PLACEMAT,MITT,BIB,FLAG,PENNANT,DOORSTOP,DOOR STOP,COSY,WARMER,BLANKET,HAMMOCK,FLANNEL,SCARF,SLIPPER,GLOVE,SOCK,HAT,SUNHAT,PATCH,RUNNER"},
	{"44", "Wood", 400, "WOOD,WOODEN,BAMBOO,PINE,OAK,BIRDHOUSE,BIRD HOUSE,BIRD FEEDER,BIRDFEEDER,MATCHE"},
	{"68", "Stone and plaster", 500, "SLATE,MARBLE,STONE,SOAPSTONE"},
	{"69", "Ceramics", 320, "CERAMIC,PORCELAIN,CHINA,TERRACOTTA,MUG,TEAPOT,TEACUP,CUP,SAUCER,CAKESTAND,CAKE STAND,MONEY BANK,MONEY BOX,TEA SET,RAMEKIN,TILE,EGG CUP,OIL BOTTLE"},
	{"70", "Glass", 320, "GLASS,MIRROR,MIRRORED,JAR,BOTTLE,CRYSTAL,GOBLET,DECANTER,TUMBLER,VASE,PAPERWEIGHT,BEAD,BEADED"},
	{"39", "Plastic", 150, "PLASTIC,ACRYLIC,MELAMINE,LUNCH BOX,PVC,BEAKER,POLYSTYRENE,INFLATABLE,SHOWER,CONTAINER,SNACK BOX,SILICON,SPONGE,WATERING CAN,BIN"},
	{"83", "Small metal ware", 250, "SIGN,KEY,FRAME,BELL,CHIME,TRINKET,PLAQUE,LETTER,NUMBER,MAGNETIC,LOCKET"},
	{"73", "Iron and tin ware", 350, "METAL,TIN,WIRE,ZINC,ENAMEL,IRON,STEEL,ALUMINIUM,BRASS,TRAY,PAN,BUCKET,MOULD,SCALE,STAND,HEN HOUSE,CANISTER,TIDY,FILIGREE,TRELLIS,ORNAMENT,HOLDER"},
	{"69", "Ceramics", 350, "PLATE,BOWL,DISH,PLATTER,ASHTRAY,PIGGY BANK,COFFEE SET,GNOME,JUG,COASTER,BREAD BIN,BUTTER"},
	{"44", "Wood", 350, "BOX,TREE,BOARD,BLOCK"},
	{"67", "Artificial flowers and feathers", 60, "FLOWER,ROSE,FEATHER,LILY,BLOSSOM,POSY,BOUQUET"},
}

// unknown is what no heading fits.
var unknown = heading{"", "Other giftware", 200, ""}

// phrases are the folded words of each heading, made once.
var phrases = func() [][]string {
	all := make([][]string, len(headings))
	for i, h := range headings {
		for word := range strings.SplitSeq(h.words, ",") {
			all[i] = append(all[i], folded(word))
		}
	}
	return all
}()

// classify returns the first heading that a description names.
func classify(name string) heading {
	text := folded(name)
	for i, words := range phrases {
		for _, w := range words {
			if strings.Contains(text, w) {
				return headings[i]
			}
		}
	}
	return unknown
}

// folded returns the words of a description in capitals and the singular, one blank
// around each: " CAKE CASE " is found in " 60 CAKE CASE DOLLY GIRL ".
func folded(text string) string {
	words := strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	for i, w := range words {
		if len(w) > 3 && !strings.HasSuffix(w, "SS") {
			words[i] = strings.TrimSuffix(w, "S")
		}
	}
	return " " + strings.Join(words, " ") + " "
}

// grams guesses the shipping weight of a unit from its chapter, the words for its size,
// and its price: a dearer thing of one kind is a larger one. Between 5 g and 20 kg.
func grams(a article, h heading) int64 {
	w := h.grams * []int64{40, 100, 180, 350}[tier(a.price)] / 100
	text := folded(a.name)
	switch {
	case containsAny(text, " GIANT ", " JUMBO ", " LARGE ", " BIG ", " EXTRA LARGE "):
		w = w * 3 / 2
	case containsAny(text, " MINI ", " SMALL ", " TINY "):
		w = w * 3 / 5
	}
	w = w * between(a.sku, "weight", 85, 115) / 100
	return min(max((w+2)/5*5, 5), 20_000)
}

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// tier places a price in one of four: under 1 pound, under 3, under 8, and dearer.
func tier(price int64) int {
	switch {
	case price < 1_0000:
		return 0
	case price < 3_0000:
		return 1
	case price < 8_0000:
		return 2
	}
	return 3
}
