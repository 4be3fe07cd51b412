"""Words that decide whether a capital makes a name: well-known names, and words that are none though capitalised.

Written by hand for letters, registers and forms of the last three centuries in English, French and German. No list
holds all names: what is rare is a name by default, and here stands what a capital alone would decide wrongly.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TITLES = _words(
    """
    mr mrs ms miss messrs dr prof st ste rev revd capt captn cap col gen genl lt lieut sergt sgt maj hon esq sir
    mme mlle mlles mm m hr hrn fr frl herr herrn frau fräulein monsieur madame mademoiselle maître doktor
    professor uncle aunt oncle tante onkel cousin cousine sœur soeur schwester frère bruder captain general
    général gal colonel major lieutenant sergeant sergent caporal capitaine corporal hauptmann leutnant
    unteroffizier gefreite gefreiter president senator governor judge bishop reverend deacon elder squire lord
    lady king queen prince princess père saint sainte pastor pfarrer kaufmann graf gräfin freiherr fürst dame
    pope admiral commodore abbé comte comtesse marquis duc rat geheimrat hofrat
    """
)
"""What stands before a name; whether it ends in a point or not, no sentence ends with it."""

GIVEN = _words(
    """
    edwd andw patk richd alexr fredk margt elizth neal hugh darby bryan bess bessie bettie kitty kittie libbie
    nettie lottie mollie robt saml danl benj geo edw alex nathl jon jos lew liny engelbert hein jens kathi
    lenchen lieschen fritzchen karlchen gretchen hänschen mathias matthäus anni annchen leopold leonhard
    eberhard ewald egon erwin edmund arno armin axel benno berthold burkhard detlef ekkehard emmerich gerhart
    gisela gregor günter guido hartwig heiner helmuth henning hilde hinrich ignaz inge irma isolde joh jost
    kilian klemens lambert leberecht liselotte lothar lutz mariechen markus meinhard ottilie ottomar rolf
    rosalia rupert sigismund sigrid sybille thekla theobald theodora tobias traugott trude ulrike valentin
    vinzenz volker waldemar walburga wendelin wenzel wernher wiebke wolf wolfram mary patricia linda barbara
    elizabeth jennifer maria susan margaret dorothy lisa nancy karen betty helen sandra donna carol ruth sharon
    michelle laura sarah kimberly deborah jessica shirley cynthia angela melissa brenda anna rebecca virginia
    kathleen pamela martha debra amanda stephanie carolyn marie janet catherine frances joyce diane alice julie
    teresa doris gloria evelyn jean cheryl mildred katherine joan ashley judith janice nicole judy christina
    kathy theresa beverly denise tammy irene jane lori rachel marilyn andrea kathryn louise sara anne jacqueline
    wanda bonnie julia lois tina phyllis norma paula diana annie lillian emily peggy gladys rita connie florence
    tracy edna carmen rosa cindy wendy victoria edith sherry sylvia josephine thelma shannon sheila ethel ellen
    elaine marjorie carrie charlotte monica esther pauline emma juanita anita rhonda debbie leslie clara lucille
    jamie joanne eleanor valerie danielle megan alicia suzanne michele gail bertha darlene veronica jill erin
    geraldine lauren cathy joann lorraine lynn sally regina erica beatrice dolores bernice audrey yvonne annette
    samantha marion dana stacy renee vivian roberta holly brittany melanie loretta yolanda jeanette laurie katie
    kristen vanessa alma elsie beth jeanne vicki carla tara rosemary eileen terri gertrude lucy tonya ella
    stacey wilma gina kristin jessie natalie agnes vera willie charlene delores melinda arlene maureen colleen
    allison tamara georgia lillie claudia jackie marcia tanya nellie minnie marlene heidi glenda lydia viola
    courtney marian stella caroline dora vickie mattie maxine mabel marsha myrtle lena christy deanna patsy
    hilda gwendolyn jennie nora margie nina cassandra leah priscilla naomi carole brandy olga billie dianne
    tracey leona jenny felicia sonia miriam velma becky bobbie kristina toni misty shelly ramona sherri erika
    katrina claire lindsey lindsay geneva guadalupe belinda margarita sheryl cora faye natasha sabrina isabel
    marguerite hattie harriet molly cecilia kristi brandi blanche rosie joanna eunice angie inez lynda madeline
    amelia alberta genevieve monique jodi janie maggie kayla sonya kristine candace fannie maryann alison yvette
    susie olivia flora shelley kristy mamie lula lola verna beulah antoinette candice juana jeannette kelli
    hannah whitney bridget karla celia latoya shelia gayle della vicky lynne sheri marianne kara jacquelyn erma
    blanca myra leticia krista roxanne angelica johnnie robyn francis adrienne rosalie alexandra brooke bethany
    sadie bernadette james john robert michael william david richard charles joseph thomas christopher daniel
    paul donald george kenneth steven edward brian ronald anthony kevin jason matthew gary timothy jose larry
    jeffrey frank scott eric stephen andrew raymond gregory joshua jerry dennis walter patrick peter harold
    douglas henry carl arthur ryan roger juan albert jonathan justin gerald keith samuel ralph lawrence nicholas
    benjamin bruce brandon adam harry fred wayne billy steve louis jeremy aaron randy howard eugene carlos
    russell bobby victor martin ernest phillip todd jesse craig alan shawn clarence sean philip chris johnny
    jimmy antonio danny tony luis mike stanley leonard nathan manuel rodney curtis norman allen marvin vincent
    glenn jeffery travis jeff chad jacob melvin alfred kyle bradley jesus herbert frederick joel edwin eddie
    ricky troy randall barry alexander bernard mario leroy francisco marcus micheal theodore clifford miguel
    oscar calvin ronnie lloyd tommy leon derek warren darrell jerome floyd alvin wesley gordon greg jorge dustin
    pedro derrick lewis zachary corey herman maurice vernon roberto clyde hector shane ricardo rick lester brent
    ramon charlie tyler gilbert marc reginald ruben brett nathaniel rafael edgar milton raul chester cecil duane
    franklin andre elmer brad gabriel mitchell roland arnold harvey jared adrian karl cory claude erik darryl
    neil javier fernando clinton mathew tyrone darren lonnie cody julio kurt allan nelson clayton dwayne dwight
    armando felix jimmie everett jordan wallace jaime casey alfredo alberto dave ivan sidney byron julian isaac
    morris clifton willard daryl virgil andy marshall salvador perry kirk sergio seth kent terrance rene eduardo
    terrence enrique freddie austin stuart fredrick arturo alejandro joey luther wendell jeremiah evan julius
    donnie otis trevor oliver luke homer gerard doug kenny hubert angelo shaun lyle matt alfonso orlando carlton
    ernesto cameron pablo lorenzo omar wilbur blake horace roderick kerry abraham willis rickey abel abigail
    abram ada adams adelaide alonzo amos amy ann archibald asa augustus betsy bristow caleb catharine chas
    clement cornelius cyrus daisy dinah ebenezer ed eli elias elijah eliza enoch ephraim eva ezra fanny frederic
    gerrit gideon henrietta hester hezekiah hiram horatio ida ira isabella israel jack jackson jas jefferson jim
    jno job joe jonas josiah kate levi lincoln lizzie louisa lucinda lucius lucretia malcolm matilda maud may
    mercy moses ned noah obadiah ora owen paulina phebe phineas phoebe polly prudence reuben rosanna sallie sam
    silas simon sister solomon sophia sophie sue susanna susannah sylvester thaddeus theron thos tom ulysses
    uriah violet will wilson winifred wm zachariah ellis adèle adrien agathe aimée alain albertine alexandre
    alexis alphonse amédée amélie anaïs anatole andré angèle anselme antoine armand auguste augustin augustine
    aurélie baptiste berthe blaise camille cécile célestine clémence clotilde colette denis désiré edmond
    édouard élise élisabeth émile émilie estelle étienne eugène eugénie fernand firmin françois françoise
    frédéric gabrielle gaspard gaston geneviève georges gérard germaine gilles guillaume gustave guy hélène
    henri henriette hippolyte honoré hortense hyacinthe isabelle jacques jérôme joachim joséphine jules julien
    julienne juliette laurent léon léonie lise luc lucie lucien madeleine marcel marthe mathilde mathieu
    mathurin maxime mélanie michel nathalie nicolas noël octave odette olivier paulette philippe philomène
    pierre prosper rémi renaud rené renée simone sylvain sylvie théodore théophile thérèse urbain valérie
    victoire virginie xavier yves zoé adelheid adolf albrecht alois amalie andreas anneliese anton august
    balthasar bärbel bernhard berta brigitte bruno caspar christian christiane christine christoph conrad dieter
    dietrich dorothea eduard elfriede elisabeth else elsa emil emilie erich ernst erna eugen ferdinand florian
    franz franziska frieda friedrich friederike fritz georg gerda gerhard gerta gertrud gottfried gottlieb greta
    günther gustav hanna hanns hans hartmut hedwig heinrich heinz helene helga helmut hermann hildegard horst
    hugo ilse ingeborg irmgard jakob jochen johann johanna johannes josef jürgen käthe karin karoline kaspar
    katharina klara klaus konrad lieselotte liese lorenz lotte ludwig luise magda magdalena manfred margarete
    margarethe marta matthias max melchior minna moritz nikolaus oskar otto philipp reinhard reinhold renate
    rosina rudolf rudolph sabine sebastian siegfried sigmund stefan stephan susanne theodor theresia ulrich
    ursula uwe veit viktor walther waltraud werner wilhelm wilhelmine willi wolfgang xaver
    """
)
PLACES = _words(
    """
    havre neufchâtel neufchatel alexandrie brindisi marne meuse moselle garonne dordogne charente alpes pyrénées
    corse nice cannes avignon arles metz nîmes poitiers angoulême amiens arras cherbourg dieppe dunkerque
    besançon chambéry lausanne gand liège namur anvers luxembourg suisse milan turin venise rome madrid lisbonne
    moscou kalifornien brasilien mexiko kanada argentinien australien asien indien ägypten algerien persien
    syrien palästina norwegen dänemark finnland irland portugal rumänien bulgarien kroatien dalmatien galizien
    siebenbürgen litauen livland kurland estland lettland mittelamerika südamerika nordamerika westindien
    ostindien manchester buddhist buddhists hindu hindus moslem moslems muslim muslims jesuit jesuits puritan
    puritans unitarian lutheran anglican calvinist shaker shakers luxemburg spanier engländer mannheimer creole
    creoles malay maori eskimo navajo seminole choctaw chickasaw mexican hawaiian filipino filipinos cubans
    swedes danes norwegians poles finns slavs celt celtic saxon norman gaelic flemish belgians bulgarian
    romanian czechs croats tartar mongol tibet tibetan siam burma ceylon java sumatra borneo philippines manila
    honolulu havana lisbon venice florence geneva berlin dresden munich hamburg brussels antwerp amsterdam
    constantinople jerusalem palestine syrian bombay calcutta delhi america american americans africa african
    africans asia asiatic atlantic australia australian austria austrian austrians bavaria bavarian belgium
    belgian bohemia brazil britain british briton bulgaria california canada canadian carolina chinese china
    christian christians christ colorado connecticut cuba cuban czech dakota danish delaware denmark dutch
    dutchman egypt egyptian england english englishman englishmen europe european europeans finland florida
    france french frenchman frenchmen georgia german germans germany greece greek greeks hawaii hebrew hessian
    hessians holland hungarian hungary iceland idaho illinois india indian indians indiana iowa ireland irish
    irishman irishmen islam israel italian italians italy jamaica japan japanese jersey jew jewish jews kansas
    kentucky korea latin liberia liberian london louisiana maine maryland massachusetts mexico mexicans michigan
    minnesota mississippi missouri mohammedan montana nebraska nevada norway norwegian ohio oklahoma oregon
    pacific paris pennsylvania persia persian poland polish portuguese protestant protestants prussia prussian
    prussians quaker quakers roman romans russia russian russians scotch scotland scottish serbia siberia spain
    spaniard spaniards spanish sweden swedish swiss switzerland syria tennessee texas tory turk turkey turkish
    turks utah vermont vienna virginia wales washington welsh wisconsin wyoming yankee yankees york boston
    philadelphia chicago baltimore richmond charleston savannah nantucket seattle detroit cleveland buffalo
    albany brooklyn manhattan cincinnati pittsburgh atlanta memphis nashville denver leeds liverpool birmingham
    bristol edinburgh glasgow dublin oxford cambridge leipsic naples cairo republican republicans democrat
    democrats democratic congress catholic catholics methodist methodists baptist baptists presbyterian
    episcopal mormon mormons arab arabs cherokee cherokees sioux apache iroquois mohawk creek conn mass penn
    penna tenn wis minn ky va ga pa nj ny wa ills ill ind miss mo md del vt nh ct allemagne allemand allemands
    allemande afrique algérie algérien amérique américain américains angers anglais anglaise anglaises
    angleterre anjou autriche autrichien autrichiens auvergne belge belges belgique bordeaux brest bretagne
    breton bretons bruxelles caen calais champagne chine dijon écosse égypte espagne espagnol espagnols
    finistère français française françaises gascogne genève grèce grenoble hollande hollandais inde irlande
    italie italien italiens japon juif juifs lille limoges loire londres lorraine alsace lyon marseille montréal
    nancy nantes normand normandie orléans picardie pologne polonais provence prusse prussien prussiens québec
    reims rennes rhin rhône romain romains rouen russe russes russie savoie saumur sedan seine strasbourg suède
    toulon toulouse tours turc turcs turquie vannes vendée verdun versailles vienne aachen afrika amerika altona
    augsburg baden basel bayern belgien bern böhmen bonn braunschweig bremen breslau brüssel chemnitz danzig
    darmstadt deutschland dortmund düsseldorf elbe elsass erfurt essen europa frankfurt frankreich franzose
    franzosen freiburg genf göttingen goethe graz griechenland halle hannover heidelberg heilbronn hessen
    holländer italiener innsbruck jena juden jude karlsruhe kassel kiel koblenz köln königsberg konstanz
    kopenhagen leipzig linz lübeck luther luzern magdeburg mähren mainz mannheim marburg meißen münchen münster
    neapel nürnberg oder oesterreich österreich österreicher oldenburg ostpreußen polen pommern posen potsdam
    prag preußen preussen regensburg rhein rom rostock russen rußland russland sachsen salzburg schiller
    schlesien schleswig schottland schwaben schweden schweiz schweizer schwerin serben serbien spanien stettin
    straßburg stuttgart thüringen tirol trier triest tübingen türken türkei ulm ungar ungarn venedig warschau
    weimar westfalen wien wiesbaden wittenberg worms würzburg zürich
    """
)
"""German surnames that are words; elsewhere a capital tells."""

_EN = _words(
    """
    march cav cavy inf infy arty comdg comd qrs hdqrs regts volrs adjt qm ord capts lts cos raid peaks fine lay
    left got went came started camped marched arrived reached crossed passed stopped rained snowed cloudy
    pleasant warm cool clear windy hot drilled worked archive archives lumber instant ultimo timber merchandise
    div rds rrds strange largest cheapest finest greatest zip code codes musical printing cuts cut hoping
    explain isle collector liquor thunder hail shower showers example blessing spirits present absence security
    information particular country chapel indenture indentures happy situation mercies happiness friendship
    health weather storm crop sheet paper trade prosperity dont cant wont tis twas twill isnt didnt couldnt
    havent hasnt wasnt wouldnt shouldnt youre theyre ive ill im dist prest treas secy supt asst assn assoc gov
    atty adj dept regt bldg dr vols pp pres pt ch sec fig tel capt ed eds mss ms enc encl patent campaign
    marital emergency register registry certificate contact relationship status employer insurance policy claim
    claims plaintiff defendant witness juror jury trial case estate property mortgage lease tenant landlord
    rental payment receipts expenses income wages salary budget fund funds donation subscription subscriber
    subscribers membership fee fees charge charges delivery order freight shipping shipment customer client
    supplier vendor purchase sale sales stock inventory product products service services contract agreement
    terms conditions warranty catalogue sample samples size colour color gross net tare packages package parcel
    barrel box crate bottle bottles tablets capsules dose daily weekly monthly yearly annual quarterly minutes
    hours seconds start end finish beginning middle total subtotal sum average rate percent ratio chairman
    chairwoman speaker treasurer's editor's reporter correspondent lecturer lecturers orator artist painter
    musician singer actor actress poet writer historian lawyer's mechanic builder tailor shoemaker grocer
    innkeeper servant servants maid coachman gardener laundress seamstress widow widower orphan infant heir
    heirs executor executors administrator guardian trustee trustees bridegroom bride godfather godmother
    neighbor neighbour visitor stranger traveler traveller pilgrim native natives savage savages tribe tribes
    settler settlers colonist colonists pioneer emigrant immigrant citizen citizens voter taxpayer inhabitants
    inhabitant residents resident population census parish diocese synod conference congregation minister's
    sermon prayer prayers hymn hymns communion baptism faith belief sin salvation soul spirit eternity death
    grave burial cemetery funeral tomb monument statue memorial anniversary birthday wedding holiday vacation
    journey voyage trip tour travel route passage ticket luggage trunk baggage carriage stage coach wagon sleigh
    cart saddle harness bicycle automobile motor car cars truck airplane engine boiler wheel pump tool tools
    hammer saw nail nails screw plow plough seed seeds crops harvest hay oats rye potatoes potato apples apple
    peaches fish meat bacon lard eggs egg milk cheese cream fruit vegetables soup pie cake salt pepper spice
    vinegar oil soap candles candle lamp lamps cloth linen silk wool calico muslin ribbon lace thread needle
    pins buttons gloves stockings bonnet cap gown shirt trousers jacket boots umbrella watch clock ring jewelry
    purse portrait picture pictures photograph drawing map plan plans chart diagram figure figures number
    lecture lectures lesson lessons class classes grade exam examination composition grammar arithmetic
    geography algebra geometry chemistry physics botany geology philosophy religion theology medicine surgery
    anatomy disease cholera smallpox consumption pneumonia typhoid measles influenza cough headache wound
    amputation operation bandage dressing recovery heathen pagan infidel saint angel angels devil hell paradise
    eden capitol courthouse jail prison penitentiary workhouse poorhouse lighthouse wharf dock pier canal dam
    lock ferry crossing tunnel turnpike highway path trail woods wood forest prairie swamp marsh meadow pasture
    orchard vineyard ranch plantation barn stable fence wall cellar attic stairs floor roof chimney stove
    furnace carpet curtain bedstead mattress pillow bureau desk drawer shelf sofa piano organ violin music band
    orchestra concert theater theatre opera play drama comedy tragedy scene chorus novel chapter preface index
    appendix footnote verse up down off over out away about above across along around behind below beneath
    beside besides between beyond opposite through throughout under upon within like unlike per via plus minus
    versus popular professional private public general special principal original official legal civil criminal
    military naval medical dental physical mental moral spiritual political social economic financial commercial
    industrial agricultural mechanical electrical chemical natural scientific historical ancient modern foreign
    domestic local urban rural royal imperial colonial continental international universal independent united
    confederate confederates union unionist loyalist patriot patriots republic monarchy empire kingdom dominion
    colony colonies settlement reservation frontier boundary region area section sector zone site location
    position latitude longitude distance direction speed depth length width volume pressure density hence thus
    therefore however although though because since until after before during while perhaps suffice believe
    thank thanks give given tell let come go going get take make made send write wrote writing written read say
    said says think thought know known see seen hear heard hope wish want ask asked answer answered find found
    keep leave put according again always already among anything both either else enough everything few first
    finally further here herewith indeed instead just last lastly later likewise meanwhile moreover nevertheless
    nor nothing often once otherwise ought please pray presently quite rather referring regarding respecting
    seeing several shortly sometimes somewhat soon still than then thereupon thy thou thee till together too
    toward twice unless unto us using wait waiting when whenever where whereas wherever whether whoever whose
    why without yet yes symptoms letter ltr signers treatment cause causes remedy remedies goods effects shares
    pounds bale cask hogshead ship's cargo owner owners passenger passengers crew hat coat dress shoes dinner
    supper breakfast table chair house houses home family families household kitchen parlor room rooms window
    door garden trees tree flower flowers rain snow wind cold heat progress reform temperance woman's mankind
    humanity society race races colored people's majority minority party platform candidate candidates leader
    leaders chief chiefs staff orders command front line lines rear flank battle field wounded killed prisoners
    prisoner captured guns gun rifle musket cannon powder ammunition wagons train rations tents tent blanket
    clothing uniform sword pistol ward wards nurse nurses matron steward bed beds i the a an and or but if he
    she it we they you my our your his her their its this that these those there dear dearest sir sirs madam
    gentlemen yours yrs truly faithfully respectfully sincerely obedient humble servt friend friends
    affectionate affectionately affecly beloved excellency honor honour honorable honourable honble honored ps
    love compliments regards amen adieu goodbye bye good no oh ah o not all to of in on at by for from with as
    is was who what how which whom are be been do did does had has have will would shall should can could may
    might must so such some any every each most more many much very well now also only even ever never mother
    father mama papa mamma grandma grandpa grandmother grandfather brother brothers sister sisters uncle aunt
    cousin son sons daughter wife husband child children boy boys girl girls baby parents nephew niece lady
    ladies gentleman man men woman women people person persons doctor doctors physician surgeon lawyer lawyers
    attorney judge clerk clerks sheriff mayor governor governors president vice secretary treasurer senator
    senators representative representatives minister ministers ambassador consul king queen prince princess
    emperor bishop priest pastor parson preacher rector vicar deacon elder chaplain reverend captain major
    colonel lieutenant sergeant corporal adjutant commander commanding commodore admiral officer officers
    soldier soldiers troops cavalry infantry artillery regiment brigade division corps company battalion battery
    army navy militia guard guards headquarters quarters camp fort enemy rebels rebel rebellion war peace treaty
    flag master mistress teacher teachers professor student students pupil scholar superintendent director
    manager agent agents merchant banker farmer laborer labourer weaver carpenter blacksmith engineer cashier
    editor author printer recorder deputy marshal constable commissioner commissioners member members committee
    delegate delegates delegation board council assembly legislature senate court courts commission confirmation
    convention meeting association club department office bank college school schools university academy
    institute hospital asylum church cathedral temple mission market store shop mill mills factory works farm
    hotel inn street st avenue ave road rd lane square sq park place bridge river creek lake bay harbor harbour
    island islands mountain mountains mount mt hill hills valley city town township county co state states
    district province territory village north south east west northern southern eastern western branch hall
    building block nos page vol railroad railway rr steamer ship brig schooner boat boats station depot port
    custom customs treasury government govt constitution law laws act bill bills article amendment declaration
    resolution resolved deed deeds testament note notes bond bonds receipt account acct invoice balance amount
    paid cash credit debit interest report reports letters memo memorandum telegram post postmaster mail address
    name names title date age sex birth born died married single baptisms burials marriage occupation phone
    telephone email weight height temperature pulse medication medications allergies diagnosis patient signature
    signed god lord almighty heaven heavenly providence creator maker saviour savior holy ghost bible gospel
    scripture scriptures psalm sabbath christmas xmas easter thanksgiving lent new year years day days week
    month spring summer autumn fall winter morning evening afternoon night noon today tomorrow yesterday hour
    century liberty freedom slavery slave slaves negro negroes white black red liberal conservative freedmen
    contrabands capitalist capitalists capital labor labour business money tax taxes tariff gold silver corn
    wheat flour cotton sugar tea coffee ice bread butter beef pork coal iron horse horses cow mule sheep ewes
    book books papers press journal times news herald gazette magazine review story poem song speech essay
    edition old young great little big second third next other another one two three four five six seven eight
    nine ten hundred thousand million dozen half whole own same true false best better worst high low long short
    poor rich right truth charity virtue nature science art history education suffrage suffragists equal rights
    vote voters votes election elections politics national nation nations federal american's world world's
    affidavit list copy copied enclosed enclosure recd received sent sold bought entered filed subject remarks
    cost revenue margin quarter form conclusion overview productivity performance key points items item price
    quantity description discount due rent job purpose question cordially gratefully hastily lovingly secret
    hearts heart life mind body head hand hands eye eyes face illness sickness fever committee's exposition fair
    exhibition fields land lands water fire sun moon star stars earth sea ocean machine electric telegraph
    company's limited ltd inc corporation comparer joy vegetable pain killer manufactured props drive diet kin
    blood admitted discharged gift grt don't can't
    rum brandy whiskey whiskeys whisky gin cyder cider porter ale beer wine cigar cigars tobacco tobo snuff
    molasses oatmeal kerosene postage cheque check sloop barque packet bisket biscuit pylot pilot tarr tar gunns
    wench bullocks bullock oxen steers heifer heifers sow hogs ducks geese whales whale greens packs pack traps
    trap mash tun grain barley meal bran contra errors excepted expires arrives
    departs intermediate plat plot lot yeoman bailie bailiff munshi saheb sahib grieve sutlers sutler thine ther
    sicca rupee rupees mohurs mohur gram sepoys sepoy coolies shirts hats starch indigo shot lead steel hoes hoe
    bridle waggon hire lodging washing mending making hauling thrashing weaving spinning tuition schooling dividend
    premium duty duties wharfage appraisers appraiser witnesses manse kirk wreath elbow postscript candlemas
    michaelmas
    """
)
_FR = _words(
    """
    ministre ministère sénat corps ponts forts billets capitale capital monde patrie bourse inclus ct cte tte
    commerce intendance ambulance caisse valeurs timbre gardes garde palais empereur préfecture tribunal juge
    avocat marchand fermier vigneron tisserand cordonnier boulanger ouvrier après avant depuis pendant hier
    demain aujourd'hui voici voilà soyez avez ayant étant lorsque puis alors ainsi aussi cependant enfin donc
    car afin tout toute tous toutes rien personne chacun aucun jamais toujours souvent encore déjà peu beaucoup
    trop assez merci bonjour adieu embrasse ne le la les un une des du de l d et ou mais si je tu il elle nous
    vous ils elles on ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs qui que
    quoi où quand comment pourquoi dont en y à au aux par pour sur sous dans avec sans chez vers pas plus très
    bien cher chère chers chères monsieur madame mademoiselle messieurs mesdames ami amie amis veuillez agréer
    recevez croyez dévoué dévouée affectionné affectionnée salutations hommages père mère frère sœur soeur fils
    fille oncle tante cousin cousine curé abbé évêque maire préfet notaire maître docteur médecin instituteur
    président roi reine prince duc comte marquis capitaine lieutenant sergent général colonel caporal soldat
    république état gouvernement banque église hôtel rue place avenue boulevard quai pont hôpital école
    université société compagnie maison commune mairie ville département canton acte facture quittance reçu doit
    total remise acquitté fait signé nom prénom prénoms date naissance adresse téléphone montant température
    poids surface prix chapitre page folio témoins témoin formulaire demande dieu seigneur noël pâques vierge
    ciel nord sud est ouest midi an année mois jour numéro objet signature né née marié mariée célibataire
    profession domicile somme loyer propriétaire chèque lettre saint sainte haute grande petite
    """
)
_DE = _words(
    """
    hochachtungsvoll hochachtungsvollst hochgeehrter geehrter geehrte verehrter lieber liebe lieben teurer
    theurer ergebenst ergebener gehorsamst untertänigst unterthänigst gestern heute morgen wegen seit während
    nachdem bevor damit denn doch auch noch schon nur sehr viel alle alles jeder jede mein meine meiner unser
    unsere unserer deine deinen deinem ihnen euch euer eure uns mir dir ihm man es so da dort hier nun also am
    im vom zum zur beim unterzeichneter unterzeichnete getauft getraut gestorben begraben geboren geb gest
    hiermit anbei betr betrifft bezug herr herrn frau fräulein mutter vater bruder schwester sohn tochter eltern
    onkel tante dein ihr ihre sie er wir ich kaiser könig königin fürst pfarrer pastor hauptmann leutnant
    dampfer meister müllerin bauer markt stadt dorf kirche haus der die das den dem des ein eine und oder aber
    wenn nach von zu aus bei mit name vorname essen halle kiel worms
    hembder hemden hemd leinwath leinwand leinwandt gutsbesitzer baumeister hufner häusler büdner kätner tagelöhner
    notarius lehrer kapital capital zimmet zimt pottasche aufnahme entlassung visite kate kathe schaafe schafe
    taffent taft spitzen tagebuch courant abtrag abzug kohlen beysein beisein wittwe witwe wwe item abträger
    abträgerin messe kornmesse pfund saldo übertrag summa latus einnahme einnahmen ausgabe ausgaben fuhrlohn
    taglohn tagelohn arbeitslohn zins zinsen miete pacht abgerechnet dagegen bleiben verkaufft verkauft entlassen
    bezahlt erhalten empfangen gezahlt
    """
)
COMMON = {"en": _EN, "fr": _FR, "de": _DE}
"""Words, casefolded, whose capital says nothing, by language."""

COMMON_ENDINGS = {
    "en": (
        "tion",
        "sion",
        "ment",
        "ments",
        "ness",
        "ance",
        "ence",
        "ity",
        "ship",
        "hood",
        "ism",
        "tions",
        "ings",
        "ous",
        "ful",
    ),
    "fr": ("tion", "ment", "ance", "ence", "ité", "isme", "ique"),
    "de": ("ung", "ungen", "heit", "keit", "schaft", "ion", "tät", "tum", "nis", "ismus"),
}
STOP_WORDS = {
    "en": _words("the and of to in is was that with for you my we are have not be your from this his"),
    "fr": _words("le la les et de des du un une est dans que pour avec vous je nous sur au qui pas"),
    "de": _words("der die das und ist den von zu mit dem ich nicht ein eine des für auf wir hat am zur nach im"),
}

OWNERS = {
    "en": _words("a an my your his her its our their thy any every each"),
    "de": _words(
        """
    der die das dem den des im am zum zur vom beim ins ans aufs ein eine einen einem einer eines kein keine
    keinen keiner mein meine meinen meinem meiner meines dein deine deinen deinem deiner deines sein seine
    seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unsern unserer unserem euer eure
    euren eurem eurer diese dieser dieses diesem diesen jene jener jenes jeder jede jedes jeden jedem alle aller
    allen allem viele vieler vielen manche mancher solche solcher solchen welche welcher welches welchen
    """
    ),
}
"""What a noun has before it and a name has not, by language."""
ARTICLES = {**OWNERS, "en": OWNERS["en"] | _words("the this that these those")}
"""The same where a name may have one, as a river or a ship has."""
NEVER_NAMES = _words(
    """
    sir madam son brother sister father mother friend friends cousin uncle aunt wife husband children gentlemen
    the and of to in i we you he she it they my your his our is was has see yours
    pd cr esqr yr yrs tbsp tsp rm rms recd amt bal acct accts wk wks qty doz nos no mon tues wed weds thurs fri sat
    sun mondays tuesdays wednesdays thursdays fridays saturdays sundays jany feb feby apr apl aug sept octr
    novr decr oct nov dec xmas item ditto wwe gefr schill
    """
)
"""Words that are no names whatever stands before them: `Dr` was also short for `Dear`."""
