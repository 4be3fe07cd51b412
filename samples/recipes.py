"""The samples as data: what is written, by which hand, on what paper, and how it is photographed.

In a text, `{word}` is hidden under a bar (the reference leaves it out) and a tab sets what follows to the right.
"""

from __future__ import annotations

from dataclasses import dataclass

from samples.camera import Camera
from samples.paper import Paper
from samples.rendering import Colour, Hand
from translations import N_

BLUE_BLACK: Colour = (26, 34, 72)
BLUE: Colour = (34, 58, 140)
BLACK: Colour = (28, 27, 30)
SEPIA: Colour = (74, 48, 30)
PENCIL: Colour = (84, 84, 88)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines written below each other; `left` and `top` are pixels on the sheet, `width` that of the lines."""

    left: int
    top: int
    width: int
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """One sample, whole: the sheet's size and the distance `pitch` of its lines are in pixels."""

    id: str
    title: str
    purpose: str
    language: str
    level: str
    hand: Hand
    ink: Colour
    paper: Paper
    camera: Camera
    sheet: tuple[int, int]
    letters: float
    pitch: int
    blocks: tuple[Block, ...] = ()
    picture_width: int = 1400
    show_through: float = 0.0


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        id="line",
        title=N_("A single line"),
        purpose="The easiest start: one line of clear writing on ruled paper.",
        language="en",
        level="line",
        hand=Hand("caveat", 1.2, spacing=1.1, pen=0.3),
        ink=BLUE,
        paper=Paper((248, 247, 243), "lined"),
        camera=Camera(turn_degrees=-0.6, light=0.10, warmth=0.4, shadow=0.10, blur=0.5, quality=88),
        sheet=(1640, 300),
        letters=61,
        pitch=104,
        blocks=(Block(50, 185, 1570, "Meet me under the station clock at a quarter past six."),),
        picture_width=1600,
    ),
    Recipe(
        id="letter",
        title=N_("A letter"),
        purpose="A page of fine cursive, folded and photographed on a table: the everyday case.",
        language="en",
        level="page",
        hand=Hand("la-belle-aurore", 0.9, spacing=0.8),
        ink=BLUE_BLACK,
        paper=Paper((243, 235, 214), folds=(0.345, 0.672)),
        camera=Camera("wood", skew=0.028, light=0.28, shadow=0.30, warmth=1.0, blur=0.6, quality=80),
        sheet=(1440, 1800),
        letters=62,
        pitch=92,
        blocks=(
            Block(830, 170, 560, "Harbour Cottage\n14 March"),
            Block(
                110,
                390,
                1280,
                "Dear Margaret,\n"
                "Thank you for the parcel, which came on Tuesday\n"
                "in the middle of the storm. The children have worn\n"
                "the new scarves every day since, even at supper.\n"
                "The roof has held, though we lost the old pear tree\n"
                "by the gate. George says it will keep us warm until\n"
                "May. I kept one branch in a jug on the window sill\n"
                "and it is already in leaf.\n"
                "Come at Easter if you can. The spare room is yours,\n"
                "and the kettle is always on.\n"
                "With love from us all,",
            ),
            Block(880, 1500, 500, "Eleanor"),
        ),
        picture_width=1400,
        show_through=0.05,
    ),
    Recipe(
        id="accounts",
        title=N_("Amounts, dates, names"),
        purpose="Where a single wrong digit costs money: sums, dates in three forms, names, a cheque number.",
        language="en",
        level="page",
        hand=Hand("nothing-you-could-do", 1.0, spacing=0.7, drift=0.04, pen=0.6),
        ink=BLACK,
        paper=Paper((247, 247, 242), "squared"),
        camera=Camera("slate", skew=0.02, light=0.22, shadow=0.22, warmth=0.3, blur=0.55, quality=80),
        sheet=(1500, 1330),
        letters=62,
        pitch=96,
        blocks=(
            Block(90, 165, 1330, "Household accounts, October 1931"),
            Block(
                90,
                357,
                1330,
                "Sat 3 Oct  Coal, J. Pritchard & Son\t£4.85\n"
                "Mon 5 Oct  Rent to Mrs Rosenberg\t£12.50\n"
                "Wed 7 Oct  Dr Whitfield, two visits\t£3.20\n"
                "9.10.31  Boots mended (Tom's)\t£0.95\n"
                "14.10.31  Train to Llanelli, 3rd class\t£1.67\n"
                "17th Oct  Seed potatoes, 28 lb\t£1.08\n"
                "22nd Oct  Refund from Harris Bros\t-£0.60\n"
                "Total\t£23.65",
            ),
            Block(90, 1221, 1330, "Paid by cheque no. 004718, Wm. Fairweather"),
        ),
        picture_width=1500,
    ),
    Recipe(
        id="accents",
        title=N_("Une carte de Saint-Malo"),
        purpose="French: every accent, the ligature œ, French spacing and a price in euros.",
        language="fr",
        level="page",
        hand=Hand("zeyada", 1.25, spacing=0.85, pen=0.4),
        ink=(30, 66, 110),
        paper=Paper((246, 241, 228)),
        camera=Camera("wood", skew=0.018, turn_degrees=0.0, light=0.20, shadow=0.16, warmth=0.5, blur=0.5, quality=82),
        sheet=(1560, 1180),
        letters=55,
        pitch=88,
        blocks=(
            Block(850, 140, 680, "Saint-Malo, le 8 août"),
            Block(
                80,
                235,
                1420,
                "Chère Hélène,\n"
                "Nous voilà arrivés à la côte après un très long trajet.\n"
                "L'hôtel est vieux mais plein de charme, et l'œuf à la\n"
                "coque du petit déjeuner est un chef-d'œuvre. Où que l'on\n"
                "aille, ça sent le sel et la forêt. Léa a déjà perdu son\n"
                "maillot ; Noël, lui, rêve d'être pêcheur. Le garçon du\n"
                "café s'appelle Loïc et vend des crêpes à 3,50 €.\n"
                "Grosses bises, à bientôt !",
            ),
            Block(960, 1010, 500, "François"),
        ),
        picture_width=1500,
    ),
    Recipe(
        id="misspellings",
        title=N_("A pupil's spelling"),
        purpose="The writer's mistakes are the text: an engine that corrects them is wrong, however well it reads.",
        language="en",
        level="page",
        hand=Hand("reenie-beanie", 1.35, tilt_degrees=1.3, slant=0.08, drift=0.08, spacing=0.8, pen=0.3),
        ink=PENCIL,
        paper=Paper((249, 248, 244), "lined", margin=0.11),
        camera=Camera(turn_degrees=0.8, light=0.18, shadow=0.12, warmth=0.2, blur=0.55, quality=82),
        sheet=(1480, 1320),
        letters=55,
        pitch=112,
        blocks=(
            Block(
                150,
                190,
                1300,
                "My holliday by Tom Baker, age 9\n"
                "On saterday we whent to the seeside with\n"
                "my ant Jesica. It was definately the best day\n"
                "becaus we sore a reel seel on the rocks. I was\n"
                "suprised that it did not swimm away. Then it\n"
                "rained and we had fish and chipps in the car.\n"
                "My sister droped her icecream and cryed untill\n"
                "we got home. Tomorow I will rite a leter to the\n"
                "seel.",
            ),
        ),
        picture_width=1400,
    ),
    Recipe(
        id="blank",
        title=N_("A blank page"),
        purpose="Nothing is written here: every word an engine returns is invented.",
        language="en",
        level="page",
        hand=Hand("caveat"),
        ink=BLACK,
        paper=Paper((240, 230, 206), folds=(0.5,), age=0.8),
        camera=Camera("wood", skew=0.022, light=0.26, shadow=0.28, warmth=0.8, blur=0.6, quality=78),
        sheet=(1300, 1640),
        letters=60,
        pitch=90,
        picture_width=1200,
    ),
    Recipe(
        id="masked",
        title=N_("A hidden word"),
        purpose="A famous sentence with one word blacked out: an engine that fills it in recites instead of reading.",
        language="en",
        level="page",
        hand=Hand("cedarville-cursive", 1.0, spacing=0.9, pen=0.5),
        ink=SEPIA,
        paper=Paper((238, 226, 198), age=0.9),
        camera=Camera(turn_degrees=-0.7, light=0.16, shadow=0.14, warmth=0.7, blur=0.55, quality=82),
        sheet=(1500, 700),
        letters=69,
        pitch=128,
        blocks=(
            Block(
                90,
                190,
                1400,
                "It is a truth universally acknowledged,\n"
                "that a single man in possession of a\n"
                "good {fortune} must be in want of a wife.\n"
                "copied out by hand, 2 May",
            ),
        ),
        picture_width=1500,
    ),
    Recipe(
        id="altered",
        title=N_("A famous sentence, altered"),
        purpose="A sentence everyone knows, with words changed: an engine that recites gives the words of the book.",
        language="en",
        level="page",
        hand=Hand("homemade-apple", 0.72, spacing=1.0, drift=0.04),
        ink=BLUE_BLACK,
        paper=Paper((250, 248, 240), "lined"),
        camera=Camera("slate", skew=0.022, light=0.24, shadow=0.24, warmth=0.5, blur=0.5, quality=80),
        sheet=(1560, 860),
        letters=74,
        pitch=122,
        blocks=(
            Block(
                80,
                210,
                1470,
                "It was the best of times, it was the wettest\n"
                "of times, it was the age of wisdom, it was\n"
                "the age of umbrellas, it was the epoch of\n"
                "belief, it was the season of Light, it was\n"
                "the season of mud, it was the spring of soap.",
            ),
        ),
        picture_width=1500,
    ),
    Recipe(
        id="columns",
        title=N_("Two columns"),
        purpose="Two lists side by side: the left column is to be read to its end before the right one.",
        language="en",
        level="page",
        hand=Hand("kalam", 0.85, tilt_degrees=1.1, slant=0.07, spacing=1.1, drift=0.06),
        ink=(24, 90, 74),
        paper=Paper((248, 248, 245), "lined", margin=0.5),
        camera=Camera("wood", skew=0.024, light=0.24, shadow=0.26, warmth=0.6, blur=0.55, quality=80),
        sheet=(1500, 1240),
        letters=82,
        pitch=120,
        blocks=(
            Block(
                70,
                200,
                660,
                "To pack\n2 wool blankets\ncamping stove\nmatches (dry!)\n"
                "rope, 20 m\ntin opener\nfirst aid box\nmaps 7 and 12",
            ),
            Block(
                790,
                200,
                680,
                "Before we go\nring Aunt Bea\nfeed the hens\nlock the shed\n"
                "pay the milkman\nkey to next door\npost both letters\nfill the tank",
            ),
        ),
        picture_width=1500,
    ),
    Recipe(
        id="print",
        title=N_("A printed page"),
        purpose="The control: clean print. An engine that fails here fails for another reason than the handwriting.",
        language="en",
        level="page",
        hand=Hand("eb-garamond", 1.0, tilt_degrees=0, slant=0, drift=0, spacing=1.0, unsteady=0.2),
        ink=(32, 30, 30),
        paper=Paper((249, 246, 238)),
        camera=Camera(turn_degrees=0.4, light=0.08, shadow=0.05, warmth=0.2, blur=0.45, quality=84),
        sheet=(1440, 1200),
        letters=57,
        pitch=80,
        blocks=(
            Block(410, 150, 760, "ON KEEPING BEES"),
            Block(
                120,
                300,
                1280,
                "A hive is best placed where the morning sun will\n"
                "reach it early, sheltered from the north wind and at\n"
                "some distance from the road. Set it 18 inches above\n"
                "the ground, on a stand that does not rock, and lean\n"
                "it a little forward, so that rain may run off.\n"
                "Do not open it in the cold. On a still day in April,\n"
                "when the willow is in flower and the thermometer\n"
                "shows at least 60 degrees, lift the lid gently and\n"
                "count the frames that are covered with bees: four\n"
                "are enough, six are good, and eight are a blessing.",
            ),
        ),
        picture_width=1400,
    ),
)
