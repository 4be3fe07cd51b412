"""Words that decide whether a capital makes a name: well-known names, and words that are none though capitalised.

Written by hand for letters, registers and forms of the last three centuries in English, French and German. No list
holds all names: what is rare is a name by default, and here stands what a capital alone would decide wrongly.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.casefold().split())


TITLES = _words(
    """
    bro mr mrs ms miss messrs dr prof st ste rev revd capt captn cap col gen genl lt lieut sergt sgt maj hon esq sir
    mme mlle mlles mm m hr hrn fr frl herr herrn frau fräulein monsieur madame mademoiselle maître doktor professor
    uncle aunt oncle tante onkel cousin cousine sœur soeur schwester frère bruder captain general général gal colonel
    major lieutenant sergeant sergent caporal capitaine corporal hauptmann leutnant unteroffizier gefreite gefreiter
    president senator governor judge bishop reverend deacon elder squire lord lady king queen prince princess père
    saint sainte pastor pfarrer kaufmann graf gräfin freiherr fürst dame grannie papy mamie pépé mémé parrain marraine
    tonton tata herren hn jgfr gebr gebrüder granny gran grandma grandpa pte cpl gefr uffz ltn bailie messire pope
    admiral commodore abbé comte comtesse marquis duc rat geheimrat hofrat
    """
)
"""What stands before a name; whether it ends in a point or not, no sentence ends with it."""

GIVEN = _words(
    """
    wilh phil jac jak friedr heinr chr ludw gottl conr ferd frdr rud alb matth bernh mich casp balth elis cath marg
    magd christoph wilhm chs ls bill sébastien eliz ken inga vern bert jacques terence hch johan velten hanß hannß
    michl josl edwd andw patk richd alexr fredk margt elizth neal hugh darby bryan bess bessie bettie kitty kittie
    libbie nettie lottie mollie robt saml danl benj geo edw alex nathl jon jos lew liny engelbert hein jens kathi
    lenchen lieschen fritzchen karlchen gretchen hänschen mathias matthäus anni annchen leopold leonhard eberhard
    ewald egon erwin edmund arno armin axel benno berthold burkhard detlef ekkehard emmerich gerhart gisela gregor
    günter guido hartwig heiner helmuth henning hilde hinrich ignaz inge irma isolde joh jost kilian klemens lambert
    leberecht liselotte lothar lutz mariechen markus meinhard ottilie ottomar rolf rosalia rupert sigismund sigrid
    sybille thekla theobald theodora tobias traugott trude ulrike valentin vinzenz volker waldemar walburga wendelin
    wenzel wernher wiebke wolf wolfram mary patricia linda barbara elizabeth jennifer maria susan margaret dorothy
    lisa nancy karen betty helen sandra donna carol ruth sharon michelle laura sarah kimberly deborah jessica shirley
    cynthia angela melissa brenda anna rebecca virginia kathleen pamela martha debra amanda stephanie carolyn marie
    janet catherine frances joyce diane alice julie teresa doris gloria evelyn jean cheryl mildred katherine joan
    ashley judith janice nicole judy christina kathy theresa beverly denise tammy irene jane lori rachel marilyn
    andrea kathryn louise sara anne jacqueline wanda bonnie julia lois tina phyllis norma paula diana annie lillian
    emily peggy gladys rita connie florence tracy edna carmen rosa cindy wendy victoria edith sherry sylvia josephine
    thelma shannon sheila ethel ellen elaine marjorie carrie charlotte monica esther pauline emma juanita anita rhonda
    debbie leslie clara lucille jamie joanne eleanor valerie danielle megan alicia suzanne michele gail bertha darlene
    veronica jill erin geraldine lauren cathy joann lorraine lynn sally regina erica beatrice dolores bernice audrey
    yvonne annette samantha marion dana stacy renee vivian roberta holly brittany melanie loretta yolanda jeanette
    laurie katie kristen vanessa alma elsie beth jeanne vicki carla tara rosemary eileen terri gertrude lucy tonya
    ella stacey wilma gina kristin jessie natalie agnes vera willie charlene delores melinda arlene maureen colleen
    allison tamara georgia lillie claudia jackie marcia tanya nellie minnie marlene heidi glenda lydia viola courtney
    marian stella caroline dora vickie mattie maxine mabel marsha myrtle lena christy deanna patsy hilda gwendolyn
    jennie nora margie nina cassandra leah priscilla naomi carole brandy olga billie dianne tracey leona jenny felicia
    sonia miriam velma becky bobbie kristina toni misty shelly ramona sherri erika katrina claire lindsey lindsay
    geneva guadalupe belinda margarita sheryl cora faye natasha sabrina isabel marguerite hattie harriet molly cecilia
    kristi brandi blanche rosie joanna eunice angie inez lynda madeline amelia alberta genevieve monique jodi janie
    maggie kayla sonya kristine candace fannie maryann alison yvette susie olivia flora shelley kristy mamie lula lola
    verna beulah antoinette candice juana jeannette kelli hannah whitney bridget karla celia latoya shelia gayle della
    vicky lynne sheri marianne kara jacquelyn erma blanca myra leticia krista roxanne angelica johnnie robyn francis
    adrienne rosalie alexandra brooke bethany sadie bernadette james john robert michael william david richard charles
    joseph thomas christopher daniel paul donald george kenneth steven edward brian ronald anthony kevin jason matthew
    gary timothy jose larry jeffrey frank scott eric stephen andrew raymond gregory joshua jerry dennis walter patrick
    peter harold douglas henry carl arthur ryan roger juan albert jonathan justin gerald keith samuel ralph lawrence
    nicholas benjamin bruce brandon adam harry fred wayne billy steve louis jeremy aaron randy howard eugene carlos
    russell bobby victor martin ernest phillip todd jesse craig alan shawn clarence sean philip chris johnny jimmy
    antonio danny tony luis mike stanley leonard nathan manuel rodney curtis norman allen marvin vincent glenn jeffery
    travis jeff chad jacob melvin alfred kyle bradley jesus herbert frederick joel edwin eddie ricky troy randall
    barry alexander bernard mario leroy francisco marcus micheal theodore clifford miguel oscar calvin ronnie lloyd
    tommy leon derek warren darrell jerome floyd alvin wesley gordon greg jorge dustin pedro derrick lewis zachary
    corey herman maurice vernon roberto clyde hector shane ricardo rick lester brent ramon charlie tyler gilbert marc
    reginald ruben brett nathaniel rafael edgar milton raul chester cecil duane franklin andre elmer brad gabriel
    mitchell roland arnold harvey jared adrian karl cory claude erik darryl neil javier fernando clinton mathew tyrone
    darren lonnie cody julio kurt allan nelson clayton dwayne dwight armando felix jimmie everett jordan wallace jaime
    casey alfredo alberto dave ivan sidney byron julian isaac morris clifton willard daryl virgil andy marshall
    salvador perry kirk sergio seth kent terrance rene eduardo terrence enrique freddie austin stuart fredrick arturo
    alejandro joey luther wendell jeremiah evan julius donnie otis trevor oliver luke homer gerard doug kenny hubert
    angelo shaun lyle matt alfonso orlando carlton ernesto cameron pablo lorenzo omar wilbur blake horace roderick
    kerry abraham willis rickey abel abigail abram ada adams adelaide alonzo amos amy ann archibald asa augustus betsy
    bristow caleb catharine chas clement cornelius cyrus daisy dinah ebenezer ed eli elias elijah eliza enoch ephraim
    eva ezra fanny frederic gerrit gideon henrietta hester hezekiah hiram horatio ida ira isabella israel jack jackson
    jas jefferson jim jno job joe jonas josiah kate levi lincoln lizzie louisa lucinda lucius lucretia malcolm matilda
    maud may mercy moses ned noah obadiah ora owen paulina phebe phineas phoebe polly prudence reuben rosanna sallie
    sam silas simon solomon sophia sophie sue susanna susannah sylvester thaddeus theron thos tom ulysses uriah violet
    will wilson winifred wm zachariah ellis adèle adrien agathe aimée alain albertine alexandre alexis alphonse amédée
    amélie anaïs anatole andré angèle anselme antoine armand auguste augustin augustine aurélie baptiste berthe blaise
    camille cécile célestine clémence clotilde colette denis désiré edmond édouard élise élisabeth émile émilie
    estelle étienne eugène eugénie fernand firmin françois françoise frédéric gabrielle gaspard gaston geneviève
    georges gérard germaine gilles guillaume gustave guy hélène henri henriette hippolyte honoré hortense hyacinthe
    isabelle jérôme joachim joséphine jules julien julienne juliette laurent léon léonie lise luc lucie lucien
    madeleine marcel marthe mathilde mathieu mathurin maxime mélanie michel nathalie nicolas noël octave odette
    olivier paulette philippe philomène pierre prosper rémi renaud rené renée simone sylvain sylvie théodore théophile
    thérèse urbain valérie victoire virginie xavier yves zoé adelheid adolf albrecht alois amalie andreas anneliese
    anton august balthasar bärbel bernhard berta brigitte bruno caspar christian christiane christine conrad dieter
    dietrich dorothea eduard elfriede elisabeth else elsa emil emilie erich ernst erna eugen ferdinand florian franz
    franziska frieda friedrich friederike fritz georg gerda gerhard gerta gertrud gottfried gottlieb greta günther
    gustav hanna hanns hans hartmut hedwig heinrich heinz helene helga helmut hermann hildegard horst hugo ilse
    ingeborg irmgard jakob jochen johann johanna johannes josef jürgen käthe karin karoline kaspar katharina klara
    klaus konrad lieselotte liese lorenz lotte ludwig luise magda magdalena manfred margarete margarethe marta
    matthias max melchior minna moritz nikolaus oskar otto philipp reinhard reinhold renate rosina rudolf rudolph
    sabine sebastian siegfried sigmund stefan stephan susanne theodor theresia ulrich ursula uwe veit viktor walther
    waltraud werner wilhelm wilhelmine willi wolfgang xaver adelbert adele albin alfons almut alwin alwine ambros anke
    annemarie ansgar antje antonia antonie apollonia armgard asmus aurelia babette bartel bartholomäus bastian beate
    bernd bettina blasius bonifatius brunhilde burchard cäcilie carsten christa christel christoffel claas claus
    clemens constanze cord cyriak damian detlev dierk dietlinde dirk dorle dorothee eckart edelgard edeltraud egid
    eleonore elfi elke elli elsbeth emanuel emmy engelbrecht erasmus erdmann erdmuthe ernestine eucharius euphrosine
    evchen fabian felicitas ferdl fides franzl fränzchen frauke friedel friedhelm fridolin fritzi gabriele gangolf
    gebhard georgine gerlinde gernot gerold gesche gesina gesine gisbert gottfrid gottlob gottschalk greten gundula
    hannchen hannelore hannes hansjörg harald harro hartmann hartwich hedi heide heike heinke hella helge hellmuth
    henny henrich herta hermine hieronymus hilarius hiltrud hinnerk holger ignatz ilona imke immanuel ines ingrid
    irmtraud isaak iwan jakobine jan jette jobst jochem jochim jörg jörn josepha juliane jupp justina justine justus
    jutta karsten kasimir kathrin käthchen katja kathl kathrine kerstin klothilde kordula kornelia krescentia kreszenz
    kunigunda kunigunde lambrecht laurentius lene leni lenz leo leonie leopoldine levin liesel liesl lisbeth lisel
    lisette lorchen lore lorle loni ludger ludmilla lukas lüder luitgard luitpold maike malchen malwine margareta
    margaretha margot margret margrit mariann mechthild meta metta minchen monika nanette nanni nepomuk nettchen
    niklas nikolas norbert oda onno oswald ottheinrich otti otilie pankraz petra pius rainer raimund reimer reiner
    reinhilde resi rieke rike romuald rosamunde rosi rosine roswitha rudi ruprecht sabina salome sanna sebald selma
    sepp seppl severin siegbert sieglinde sigurd silke silvester silvia sixtus sofie stanislaus stine stinchen stoffel
    sven tabea thea theda theodosius therese theres thilde thorsten tilde tilly tim torsten trina trine trudchen
    trudel udo ulli ulla uli ursel ute vally veronika viktoria vinzent vitus vroni walpurga waltraut wendel wilfried
    wilhelmina wilhelmchen willy wiltrud winfried wolfhard xaverl zacharias zenzi mordecai enos ezekiel mehitabel
    mehitable zebulon josias amasa azariah barnabas bartholomew benoni bethia bethiah cuthbert darius dorcas drusilla
    ebenr eben electa eleazar eleazer elihu eliphalet elnathan ephm ethan fidelia freelove gamaliel hepzibah hepsibah
    hosea huldah ichabod isaiah ithamar jabez jedediah jehiel jemima jerusha jethro joab keziah lavinia lemuel lettice
    levina lorinda lovina mahala mahlon malachi manasseh mehetabel micah micajah michal nabby nahum nehemiah nicodemus
    orrin orville osborn ozias parthenia peleg pelatiah permelia perez persis philander philetus philo phinehas pliny
    roswell rowland rufus sabra samson shadrach shubael simeon solon sylvanus sybil tabitha tamar theodosia theophilus
    timo titus tryphena uriel zadok zebediah zenas zerubbabel zilpah zipporah aggie algernon algie alf alick alec
    alistair angus archie archd aubrey basil bertie bertram bertrand bevis bridie cedric chrissie clem clemmie clive
    colin constance cordelia crispin cyril daphne dickie dilys dolly donal doreen dottie duncan eamon edie effie
    elspeth emlyn ena enid ernie errol ethelbert euphemia evangeline evelina ewan fergus finlay flo florrie floss
    flossie freda freddy fredericka gareth geof geoff geoffrey gertie giles gillian godfrey grizel gus gussie gwen
    gwladys gwyn hamish hepsy herbie hetty horatia humphrey iain ianthe ian idris ifor imogen isla isobel ivor ivy
    jago jake janey jasper jeannie jedidiah jemmy jenkin jennet jessamine jock jocelyn josh josie kathie kirsty
    lachlan lars laurence lavina len lettie libby lil lilian lilias lilly lionel lizzy llewellyn lotty louie lucas
    lucasta ludovic madge mairi maisie malvina mandy marge margery marjory marmaduke matty maudie mavis meg meggie
    melville mervyn millicent millie monty morag morgan mungo muriel murdo myfanwy nanny neddy nelly nessie nigel
    ninian noel norah octavia octavius olaf ollie osbert paddy pearl peg pegg percival percy perdita peregrine
    phyllida piers quentin quincy ranald randolph rhoda rhys rodk roddy rollo rory rosamond rosamund rowena roy rube
    ruthie sander sandy selina septimus shelagh sibyl sid silvanus stan stewart sukey susy tamsin ted teddy tessa theo
    thirza tib tibby tilda tillie timmy toby tristram trixie tryphosa una vince viney vyvyan wenna wes wilf wilfred
    wilfrid winnie zach zechariah zeke achille adélaïde adeline adolphe adelphe aglaé alcide alexandrine aline amable
    amand ambroise anastasie andrée angélique antonin apolline aristide armande armelle arnaud arsène athanase
    auréline baptistine barnabé barthélemy barthélemi bastien baudouin benoît benoit bernardin bertille béatrice
    calixte casimir célestin célina césaire césar césarine christophe claudine clémentine clotaire constantin corentin
    cyprien cyrille damien delphine désirée didier dominique donatien dorothée édith edmée eléonore éléonore élie
    élisa éloi éloïse emmanuel étiennette eudoxie eulalie euphrasie eusèbe évariste fabien fanchon félicie félicien
    félicité félix firmine flavie florent florentin florentine florimond franck gaétan gatien gédéon ghislain gilberte
    gisèle godefroy gontran gratien grégoire guillemette guénolé gustavie henriot hermance hilaire hilarion honorine
    huguette hugues ignace irénée isidore jacquette janine jean-baptiste jeannot jeanneton josette josephte lazare léa
    léocadie léonard léonce léonide léontine léopold loïc louison lucette lucile lucienne magdeleine malo manon
    marcelin marcelle marceline marcellin mariette marius martial mathurine maurille maxence maximilien médard mélina
    mireille moïse narcisse nestor noémie odile odilon olympe omer onésime osmin ovide pacôme pascal paterne patrice
    paule pélagie perrin perrine pétronille philibert philippine polycarpe pontien raoul raphaël raymonde régis rémy
    renaude roch rolande romain roseline roselyne sabin séraphin séraphine séverin séverine sidonie sigisbert simonne
    solange sosthène stanislas suzon sylvestre théodule théophraste thibaut tiburce timothée ursin ursule valentine
    valère véronique victorin victorine vidal virgile vivien yvon zacharie zélie zéphirin
    """
)
PLACES = _words(
    """
    amerikaner amerikanern afrikaner australier belgier dänen norweger alsacien alsaciens savoyard savoyards corrèze
    havre neufchâtel neufchatel alexandrie brindisi marne meuse moselle garonne dordogne charente alpes pyrénées corse
    nice cannes avignon arles metz nîmes poitiers angoulême amiens arras cherbourg dieppe dunkerque besançon chambéry
    lausanne gand liège namur anvers luxembourg suisse milan turin venise rome madrid lisbonne moscou kalifornien
    brasilien mexiko kanada argentinien australien asien indien ägypten algerien persien syrien palästina norwegen
    dänemark finnland irland portugal rumänien bulgarien kroatien dalmatien galizien siebenbürgen litauen livland
    kurland estland lettland mittelamerika südamerika nordamerika westindien ostindien manchester buddhist buddhists
    hindu hindus moslem moslems muslim muslims jesuit jesuits puritan puritans unitarian lutheran anglican calvinist
    shaker shakers luxemburg spanier engländer mannheimer creole creoles malay maori eskimo navajo seminole choctaw
    chickasaw mexican hawaiian filipino filipinos cubans swedes danes norwegians poles finns slavs celt celtic saxon
    norman gaelic flemish belgians bulgarian romanian czechs croats tartar mongol tibet tibetan siam burma ceylon java
    sumatra borneo philippines manila honolulu havana lisbon venice florence geneva berlin dresden munich hamburg
    brussels antwerp amsterdam constantinople jerusalem palestine syrian bombay calcutta delhi america american
    americans africa african africans asia asiatic atlantic australia australian austria austrian austrians bavaria
    bavarian belgium belgian bohemia brazil britain british briton bulgaria california canada canadian carolina
    chinese china christian christians christ colorado connecticut cuba cuban czech dakota danish delaware denmark
    dutch dutchman egypt egyptian england english englishman englishmen europe european europeans finland florida
    france french frenchman frenchmen georgia german germans germany greece greek greeks hawaii hebrew hessian
    hessians holland hungarian hungary iceland idaho illinois india indian indians indiana iowa ireland irish irishman
    irishmen islam israel italian italians italy jamaica japan japanese jersey jew jewish jews kansas kentucky korea
    latin liberia liberian london louisiana maine maryland massachusetts mexico mexicans michigan minnesota
    mississippi missouri mohammedan montana nebraska nevada norway norwegian ohio oklahoma oregon pacific paris
    pennsylvania persia persian poland polish portuguese protestant protestants prussia prussian prussians quaker
    quakers roman romans russia russian russians scotch scotland scottish serbia siberia spain spaniard spaniards
    spanish sweden swedish swiss switzerland syria tennessee texas tory turk turkey turkish turks utah vermont vienna
    virginia wales washington welsh wisconsin wyoming yankee yankees york boston philadelphia chicago baltimore
    richmond charleston savannah nantucket seattle detroit cleveland buffalo albany brooklyn manhattan cincinnati
    pittsburgh atlanta memphis nashville denver leeds liverpool birmingham bristol edinburgh glasgow dublin oxford
    cambridge leipsic naples cairo republican republicans democrat democrats democratic congress catholic catholics
    methodist methodists baptist baptists presbyterian episcopal mormon mormons arab arabs cherokee cherokees sioux
    apache iroquois mohawk creek conn mass penn penna tenn wis minn ky va ga pa nj ny wa ills ill ind miss mo md del
    vt nh ct allemagne allemand allemands allemande afrique algérie algérien amérique américain américains angers
    anglais anglaise anglaises angleterre anjou autriche autrichien autrichiens auvergne belge belges belgique
    bordeaux brest bretagne breton bretons bruxelles caen calais champagne chine dijon écosse égypte espagne espagnol
    espagnols finistère français française françaises gascogne genève grèce grenoble hollande hollandais inde irlande
    italie italien italiens japon juif juifs lille limoges loire londres lorraine alsace lyon marseille montréal nancy
    nantes normand normandie orléans picardie pologne polonais provence prusse prussien prussiens québec reims rennes
    rhin rhône romain romains rouen russe russes russie savoie saumur sedan seine strasbourg suède toulon toulouse
    tours turc turcs turquie vannes vendée verdun versailles vienne aachen afrika amerika altona augsburg baden basel
    bayern belgien bern böhmen bonn braunschweig bremen breslau brüssel chemnitz danzig darmstadt deutschland dortmund
    düsseldorf elbe elsass erfurt essen europa frankfurt frankreich franzose franzosen freiburg genf göttingen goethe
    graz griechenland halle hannover heidelberg heilbronn hessen holländer italiener innsbruck jena juden jude
    karlsruhe kassel kiel koblenz köln königsberg konstanz kopenhagen leipzig linz lübeck luther luzern magdeburg
    mähren mainz mannheim marburg meißen münchen münster neapel nürnberg oder oesterreich österreich österreicher
    oldenburg ostpreußen polen pommern posen potsdam prag preußen preussen regensburg rhein rom rostock russen rußland
    russland sachsen salzburg schiller schlesien schleswig schottland schwaben schweden schweiz schweizer schwerin
    serben serbien spanien stettin straßburg stuttgart thüringen tirol trier triest tübingen türken türkei ulm ungar
    ungarn venedig warschau weimar westfalen wien wiesbaden wittenberg worms würzburg zürich aalen ahlen ahrweiler
    aichach alfeld allenstein allgäu alsfeld altdorf altenburg altötting amberg andernach anhalt annaberg ansbach
    apolda arnsberg arnstadt arolsen aschaffenburg aschersleben aurich backnang bamberg barmen bautzen bayreuth bebra
    bergedorf berchtesgaden bernburg beuthen biberach biebrich bielefeld bingen binz bitterfeld blankenburg blankenese
    bocholt bochum bodensee böblingen borken borkum borna bottrop bozen brandenburg bregenz bremerhaven bretten
    bromberg bruchsal brünn budapest bückeburg bunzlau burgdorf butzbach buxtehude calw cassel celle cham chur
    clausthal coburg cöln cöthen cottbus crefeld crimmitschau culm cuxhaven dachau deggendorf delitzsch delmenhorst
    demmin dessau detmold diepholz dillenburg dillingen dinkelsbühl ditmarschen dithmarschen döbeln donau
    donaueschingen donauwörth dorpat duderstadt duisburg düren eberswalde eichstätt eider eifel einbeck eisenach
    eisenberg eisleben elberfeld elbing ellwangen elmshorn emden emmendingen engadin erlangen erzgebirge eschwege
    eschweiler esslingen eutin eupen falkenstein fichtelgebirge flensburg forchheim frankenthal freiberg freising
    freudenstadt friedberg friedrichshafen friedrichsfelde friedrichsruh fulda fürstenwalde fürth füssen garmisch
    geestemünde geislingen gelsenkirchen gera germersheim gießen giessen gladbach glarus glatz glauchau glogau
    glückstadt gmünd gmunden gnesen göppingen görlitz goslar gotha graudenz greifswald greiz grimma grünberg gumbinnen
    güstrow gütersloh halberstadt hallein hallstatt hameln hamm hanau harburg hechingen heidenheim heiligenstadt
    helgoland helmstedt herford herrnhut hersfeld herzberg hildburghausen hildesheim hirschberg hohenzollern holstein
    holzminden homburg höxter hunsrück husum ingolstadt insterburg isar iserlohn isny itzehoe iglau ischl jever jülich
    jüterbog kahla kaiserslautern kamenz kärnten karlsbad kattowitz kaufbeuren kempten kissingen kitzingen klagenfurt
    klausthal kleve kolberg kolmar komotau königgrätz königshütte köslin köthen krain krakau krefeld krems kreuznach
    kronach kufstein kulmbach küstrin kyritz laibach landau landsberg landshut langensalza lauban lausitz leisnig
    leitmeritz lemberg lemgo leonberg leoben leutkirch liegnitz limburg lindau lippstadt lissa löbau lodz lörrach
    ludwigsburg ludwigshafen ludwigslust lüneburg luckenwalde lünen marienbad marienburg marienwerder markirch
    marienberg mecklenburg meiningen melsungen memel memmingen meran merseburg meschede metzingen minden mittweida
    mölln mosel mühlhausen mülhausen mülheim münden münsingen murnau nassau naumburg neckar neiße neisse
    neubrandenburg neuburg neumünster neuruppin neuss neustadt neustrelitz neuwied nienburg norderney nordhausen
    nordhorn nördlingen northeim nürtingen oberammergau oberstdorf offenbach offenburg ohlau ohrdruf olmütz oppeln
    oranienburg ortenau oschatz oschersleben osnabrück osterode osterholz paderborn parchim pasewalk passau pegau
    perleberg pfalz pforzheim pillau pilsen pinneberg pirmasens pirna plauen plön pößneck prenzlau preßburg pyrmont
    quedlinburg radolfzell rastatt rathenow ratibor ratzeburg ravensburg recklinghausen reichenbach reichenberg
    reichenhall reutlingen rendsburg reval rheine rheinland riga ronneburg rosenheim rottenburg rottweil rudolstadt
    rügen ruppin rüdesheim saalfeld saar saarbrücken saarland saarlouis säckingen sagan salzgitter salzwedel
    sangerhausen sauerland schaffhausen schandau schaumburg schlettstadt schleiz schmalkalden schneeberg schönebeck
    schongau schopfheim schorndorf schweidnitz schweinfurt schwäbisch schwelm schwetzingen sigmaringen simmern soest
    solingen solothurn sondershausen sonneberg sorau spandau speyer spree stade stargard starnberg steiermark stendal
    steyr stralsund straubing suhl sulzbach swinemünde sylt tauberbischofsheim taunus tegernsee teplitz teschen
    tetschen thorn thurgau tilsit tölz torgau traunstein treptow treuenbrietzen troppau tuttlingen überlingen
    uckermark uelzen uffenheim unna usedom vaduz varel villach villingen vogesen vogtland volkach waiblingen waldeck
    waldenburg waldshut wandsbek warburg warendorf warnemünde wasserburg weilburg weinheim weißenburg weißenfels
    wernigerode wesel weser wetterau wetzlar winterthur wismar witten wittenberge wolfenbüttel wolgast wollin
    wunsiedel wuppertal wurzen xanten zeitz zeiz zerbst zittau znaim zwickau zweibrücken smolensk moskau petersburg
    flandern wolga ukraine kaukasus stalingrad milwaukee neuyork newyork ostfriesland westpreußen
    """
)
SURNAMES = _words(
    """
    ahrens albers altmann arndt assmann backhaus bahr bartels barth bartsch bauermann baumann baumgartner bayer beck
    beckmann behnke behrendt behrens bender benz bergemann berger berndt beyer biermann blohm bode boehm böhm böhme
    bohn bosch brandt brauns breuer brinkmann brockmann bruhn brunner buchholz büchner bühler burkhardt buschmann
    christiansen claasen clausen cordes cramer czerny dahlmann daniels degenhardt deppe detlefsen diehl diekmann dietz
    dittmar dittrich dörfler döring dreyer dressler ebel eberhardt eberle ebert eckardt eckert eckhardt eggers ehlers
    eichler eisele endres engelhardt engelmann erdmann erhardt esser eulenberg falk fechner feldmann fiedler fischbach
    fleischmann frank franke frenzel freudenberg fricke friedmann friedrichs fries fritsch fritzsche froehlich funke
    gabriel gebauer gebhardt geiger gehrke geisler geißler gerdes gerlach gerstenberg giese göbel goebel götz götze
    gottschalk grabowski graefe grohmann großmann grothe gruber grunwald günther gutmann haas haase hagemann hamann
    hansen harms hartmann hartung hartwig hauck hauser heck heckmann heidrich heilmann heine heinemann heinrichs
    heinze heise heitmann hellmann hellwig hempel henke henning hennig henrichs henrici hense hentschel herrmann
    hermanns hess hesse heuer heyer heyne hildebrand hildebrandt hiller hinrichs hinz hinze hirschfeld hochstetter
    höfer hoffmann hofmann hohmann höhne hölscher holtz holzapfel hopf hoppe horstmann huber hübner jacobi jacobs
    jacobsen jaeger jahn jahnke jakobs jansen janssen janßen janson jensen joachim johannsen john jordan jost junghans
    juergens jürgens kästner kaminski karsten kellermann keßler kessler kiesewetter kirchhoff kirchner klaassen klages
    kleiber kleinert klemm klingenberg klinger klose knauer knobloch knoll knorr köbel koehler kolb koller körber
    körner kortmann kowalski kraemer kramer kraus krause krauss krauß kreutz kröger kroll krüger kruse kuhlmann kuhn
    kühn kühne kuhnert kunert kunkel kunz kunze lambrecht langer lauterbach lechner lehmann lehnert leitner lemke lenz
    lerch lewandowski liebig lindemann lindner lippmann löffler loewe lohmann löhr lohse lorenzen lösch lübbers lübke
    lucas luckner lüders ludewig ludwigs lüdtke lührs lutz maas maier mannhardt martens marx mattes matthes matthias
    maurer may mayer mehnert meier meinecke meiners meinhardt meiser meissner meißner menzel merkel mertens merz meyer
    michaelsen michel michels miller möller mommsen moser mühlbauer mühlenberg müllner münch naumann neubauer neubert
    neugebauer neuhaus neumann neumeister neumayer nickel nicolai niebuhr niemann niemeyer nietzsche nissen noack
    nolte nowak oberländer oelze oertel ohlsen oppenheim oppermann ostermann otte pabst pape pauli paulsen pauls
    peters petersen petzold pfaff pfeifer pfeiffer pfister philipps pieper pietsch plate pohl pohlmann popp prager
    preiß quandt raabe rademacher rahn ramm rapp rathenau rau rehbein reichardt reichel reichelt reimann reimers
    reinecke reiners reinhardt reinhold reiser reitz rembold renner reuß reuter rieck riedel rieger riemann ries
    robert rode rodewald röder rohde röhl roloff rosenbaum rosenberg rosenfeld rosenthal roth rothe rother rothschild
    rudloff rüdiger ruge rump runge ruppert rust sachs sachse saenger salomon sander sasse schaefer schäffer schaeffer
    schaller schaper scherer scheuermann schindler schinkel schirmer schlegel schleicher schleiermacher schlichting
    schlüter schmid schmidt schmitt schmitz schnitzler scholl scholz schönfeld schott schrader schramm schröder
    schroeder schröter schubert schuch schulte schulten schulz schulze schultz schultze schumacher schumann schurz
    schütt schütte schütz schwab schwabe schwartz schwenk seeger seidel seidl seifert seiffert seyfert siebert siemens
    siemers sievers simon simson spies stadler stahlberg steffen steffens steinbach steinberg steiner steinert steinke
    stelzer stephan stolle stoll storm straub strauss strobel teichmann tessmann teubner thiel thiele thieme thies
    thoma thomä thomsen tiedemann tietz timm timmermann trautmann treitschke uhl uhlig uhlmann ullmann ullrich ulrichs
    unger urban vieweg vogelsang vogl vogler vogt voigt volkmann vollmer voß voss wachter wagener wagner walch
    waldmann wallner weber wegener wegner wehner weichert weidner weigand weigel weigl weiler weiner weinert weinhold
    weis weiss weitz welcker wendt wenk wenzel wernecke werner westermann westphal wetzel weyer wichmann wiedemann
    wiegand wieland wiesner wiggers wilhelmi wilke willmann wimmer winckler windisch winkelmann winkler wirth wirtz
    witt witte wittig wittmann wöhrle wolff wolters wörner wulf wulff wunderlich würth zabel zander zeller zeidler
    zeise zielke zöllner zschokke zwick
    """
)
"""German ones that are no common words; elsewhere a capital tells."""

_EN = _words(
    """
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty warden
    wardens guineas imprimis monitress monitor march cav cavy inf infy arty comdg comd qrs hdqrs regts volrs adjt qm
    ord capts lts cos raid peaks fine lay left got went came started camped marched arrived reached crossed passed
    stopped rained snowed cloudy pleasant warm cool clear windy hot drilled worked archive archives lumber instant
    ultimo timber merchandise div rds rrds strange largest cheapest finest greatest zip code codes musical printing
    cuts cut hoping explain isle collector liquor thunder hail shower showers example blessing spirits present absence
    security information particular country chapel indenture indentures happy situation mercies happiness friendship
    health weather storm crop sheet paper trade prosperity dont cant wont tis twas twill isnt didnt couldnt havent
    hasnt wasnt wouldnt shouldnt youre theyre ive ill im dist prest treas secy supt asst assn assoc gov atty adj dept
    regt bldg dr vols pp pres pt ch sec fig tel capt ed eds mss ms enc encl patent campaign marital emergency register
    registry certificate contact relationship status employer insurance policy claim claims plaintiff defendant
    witness juror jury trial case estate property mortgage lease tenant landlord rental payment receipts expenses
    income wages salary budget fund funds donation subscription subscriber subscribers membership fee fees charge
    charges delivery order freight shipping shipment customer client supplier vendor purchase sale sales stock
    inventory product products service services contract agreement terms conditions warranty catalogue sample samples
    size colour color gross net tare packages package parcel barrel box crate bottle bottles tablets capsules dose
    daily weekly monthly yearly annual quarterly minutes hours seconds start end finish beginning middle total
    subtotal sum average rate percent ratio chairman chairwoman speaker treasurer's editor's reporter correspondent
    lecturer lecturers orator artist painter musician singer actor actress poet writer historian lawyer's mechanic
    builder tailor shoemaker grocer innkeeper servant servants maid coachman gardener laundress seamstress widow
    widower orphan infant heir heirs executor executors administrator guardian trustee trustees bridegroom bride
    godfather godmother neighbor neighbour visitor stranger traveler traveller pilgrim native natives savage savages
    tribe tribes settler settlers colonist colonists pioneer emigrant immigrant citizen citizens voter taxpayer
    inhabitants inhabitant residents resident population census parish diocese synod conference congregation
    minister's sermon prayer prayers hymn hymns communion baptism faith belief sin salvation soul spirit eternity
    death grave burial cemetery funeral tomb monument statue memorial anniversary birthday wedding holiday vacation
    journey voyage trip tour travel route passage ticket luggage trunk baggage carriage stage coach wagon sleigh cart
    saddle harness bicycle automobile motor car cars truck airplane engine boiler wheel pump tool tools hammer saw
    nail nails screw plow plough seed seeds crops harvest hay oats rye potatoes potato apples apple peaches fish meat
    bacon lard eggs egg milk cheese cream fruit vegetables soup pie cake salt pepper spice vinegar oil soap candles
    candle lamp lamps cloth linen silk wool calico muslin ribbon lace thread needle pins buttons gloves stockings
    bonnet cap gown shirt trousers jacket boots umbrella watch clock ring jewelry purse portrait picture pictures
    photograph drawing map plan plans chart diagram figure figures number lecture lectures lesson lessons class
    classes grade exam examination composition grammar arithmetic geography algebra geometry chemistry physics botany
    geology philosophy religion theology medicine surgery anatomy disease cholera smallpox consumption pneumonia
    typhoid measles influenza cough headache wound amputation operation bandage dressing recovery heathen pagan
    infidel saint angel angels devil hell paradise eden capitol courthouse jail prison penitentiary workhouse
    poorhouse lighthouse wharf dock pier canal dam lock ferry crossing tunnel turnpike highway path trail woods wood
    forest prairie swamp marsh meadow pasture orchard vineyard ranch plantation barn stable fence wall cellar attic
    stairs floor roof chimney stove furnace carpet curtain bedstead mattress pillow bureau desk drawer shelf sofa
    piano organ violin music band orchestra concert theater theatre opera play drama comedy tragedy scene chorus novel
    chapter preface index appendix footnote verse up down off over out away about above across along around behind
    below beneath beside besides between beyond opposite through throughout under upon within like unlike per via plus
    minus versus popular professional private public general special principal original official legal civil criminal
    military naval medical dental physical mental moral spiritual political social economic financial commercial
    industrial agricultural mechanical electrical chemical natural scientific historical ancient modern foreign
    domestic local urban rural royal imperial colonial continental international universal independent united
    confederate confederates union unionist loyalist patriot patriots republic monarchy empire kingdom dominion colony
    colonies settlement reservation frontier boundary region area section sector zone site location position latitude
    longitude distance direction speed depth length width volume pressure density hence thus therefore however
    although though because since until after before during while perhaps suffice believe thank thanks give given tell
    let come go going get take make made send write wrote writing written read say said says think thought know known
    see seen hear heard hope wish want ask asked answer answered find found keep leave put according again always
    already among anything both either else enough everything few first finally further here herewith indeed instead
    just last lastly later likewise meanwhile moreover nevertheless nor nothing often once otherwise ought please pray
    presently quite rather referring regarding respecting seeing several shortly sometimes somewhat soon still than
    then thereupon thy thou thee till together too toward twice unless unto us using wait waiting when whenever where
    whereas wherever whether whoever whose why without yet yes symptoms letter ltr signers treatment cause causes
    remedy remedies goods effects shares pounds bale cask hogshead ship's cargo owner owners passenger passengers crew
    hat coat dress shoes dinner supper breakfast table chair house houses home family families household kitchen
    parlor room rooms window door garden trees tree flower flowers rain snow wind cold heat progress reform temperance
    woman's mankind humanity society race races colored people's majority minority party platform candidate candidates
    leader leaders chief chiefs staff orders command front line lines rear flank battle field wounded killed prisoners
    prisoner captured guns gun rifle musket cannon powder ammunition wagons train rations tents tent blanket clothing
    uniform sword pistol ward wards nurse nurses matron steward bed beds i the a an and or but if he she it we they
    you my our your his her their its this that these those there dear dearest sir sirs madam gentlemen yours yrs
    truly faithfully respectfully sincerely obedient humble servt friend friends affectionate affectionately affecly
    beloved excellency honor honour honorable honourable honble honored ps love compliments regards amen adieu goodbye
    bye good no oh ah o not all to of in on at by for from with as is was who what how which whom are be been do did
    does had has have will would shall should can could may might must so such some any every each most more many much
    very well now also only even ever never mother father mama papa mamma grandma grandpa grandmother grandfather
    brother brothers sister sisters uncle aunt cousin son sons daughter wife husband child children boy boys girl
    girls baby parents nephew niece lady ladies gentleman man men woman women people person persons doctor doctors
    physician surgeon lawyer lawyers attorney judge clerk clerks sheriff mayor governor governors president vice
    secretary treasurer senator senators representative representatives minister ministers ambassador consul king
    queen prince princess emperor bishop priest pastor parson preacher rector vicar deacon elder chaplain reverend
    captain major colonel lieutenant sergeant corporal adjutant commander commanding commodore admiral officer
    officers soldier soldiers troops cavalry infantry artillery regiment brigade division corps company battalion
    battery army navy militia guard guards headquarters quarters camp fort enemy rebels rebel rebellion war peace
    treaty flag master mistress teacher teachers professor student students pupil scholar superintendent director
    manager agent agents merchant banker farmer laborer labourer weaver carpenter blacksmith engineer cashier editor
    author printer recorder deputy marshal constable commissioner commissioners member members committee delegate
    delegates delegation board council assembly legislature senate court courts commission confirmation convention
    meeting association club department office bank college school schools university academy institute hospital
    asylum church cathedral temple mission market store shop mill mills factory works farm hotel inn street st avenue
    ave road rd lane square sq park place bridge river creek lake bay harbor harbour island islands mountain mountains
    mount mt hill hills valley city town township county co state states district province territory village north
    south east west northern southern eastern western branch hall building block nos page vol railroad railway rr
    steamer ship brig schooner boat boats station depot port custom customs treasury government govt constitution law
    laws act bill bills article amendment declaration resolution resolved deed deeds testament note notes bond bonds
    receipt account acct invoice balance amount paid cash credit debit interest report reports letters memo memorandum
    telegram post postmaster mail address name names title date age sex birth born died married single baptisms
    burials marriage occupation phone telephone email weight height temperature pulse medication medications allergies
    diagnosis patient signature signed god lord almighty heaven heavenly providence creator maker saviour savior holy
    ghost bible gospel scripture scriptures psalm sabbath christmas xmas easter thanksgiving lent new year years day
    days week month spring summer autumn fall winter morning evening afternoon night noon today tomorrow yesterday
    hour century liberty freedom slavery slave slaves negro negroes white black red liberal conservative freedmen
    contrabands capitalist capitalists capital labor labour business money tax taxes tariff gold silver corn wheat
    flour cotton sugar tea coffee ice bread butter beef pork coal iron horse horses cow mule sheep ewes book books
    papers press journal times news herald gazette magazine review story poem song speech essay edition old young
    great little big second third next other another one two three four five six seven eight nine ten hundred thousand
    million dozen half whole own same true false best better worst high low long short poor rich right truth charity
    virtue nature science art history education suffrage suffragists equal rights vote voters votes election elections
    politics national nation nations federal american's world world's affidavit list copy copied enclosed enclosure
    recd received sent sold bought entered filed subject remarks cost revenue margin quarter form conclusion overview
    productivity performance key points items item price quantity description discount due rent job purpose question
    cordially gratefully hastily lovingly secret hearts heart life mind body head hand hands eye eyes face illness
    sickness fever committee's exposition fair exhibition fields land lands water fire sun moon star stars earth sea
    ocean machine electric telegraph company's limited ltd inc corporation comparer joy vegetable pain killer
    manufactured props drive diet kin blood admitted discharged gift grt don't can't rum brandy whiskey whiskeys
    whisky gin cyder cider porter ale beer wine cigar cigars tobacco tobo snuff molasses oatmeal kerosene postage
    cheque check sloop barque packet bisket biscuit pylot pilot tarr tar gunns wench bullocks bullock oxen steers
    heifer heifers sow hogs ducks geese whales whale greens packs pack traps trap mash tun grain barley meal bran
    contra errors excepted expires arrives departs intermediate plat plot lot yeoman bailie bailiff munshi saheb sahib
    grieve sutlers sutler thine ther sicca rupee rupees mohurs mohur gram sepoys sepoy coolies shirts hats starch
    indigo shot lead steel hoes hoe bridle waggon hire lodging washing mending making hauling thrashing weaving
    spinning tuition schooling dividend premium duty duties wharfage appraisers appraiser witnesses manse kirk wreath
    elbow postscript candlemas michaelmas pd annum accot accompt accompts goodwife goody wid registrar precinct
    foreman chainman surveyor broker lat lib wt adm sess towage dockage upland uplands examiner headmaster curate
    verger sexton churchwarden overseer usher postmistress ploughman butler footman governess dairymaid lodger
    landlady charwoman ganger fitter stoker purser boatswain bosun skipper sapper gunner trooper
    """
)
_FR = _words(
    """
    cie memoire despense despence receu siret retour journal ministre ministère sénat corps ponts forts billets
    capitale capital monde patrie bourse inclus ct cte tte commerce intendance ambulance caisse valeurs timbre gardes
    garde palais empereur préfecture tribunal juge avocat marchand fermier vigneron tisserand cordonnier boulanger
    ouvrier après avant depuis pendant hier demain aujourd'hui voici voilà soyez avez ayant étant lorsque puis alors
    ainsi aussi cependant enfin donc car afin tout toute tous toutes rien personne chacun aucun jamais toujours
    souvent encore déjà peu beaucoup trop assez merci bonjour adieu embrasse ne le la les un une des du de l d et ou
    mais si je tu il elle nous vous ils elles on ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos
    leur leurs qui que quoi où quand comment pourquoi dont en y à au aux par pour sur sous dans avec sans chez vers
    pas plus très bien cher chère chers chères monsieur madame mademoiselle messieurs mesdames ami amie amis veuillez
    agréer recevez croyez dévoué dévouée affectionné affectionnée salutations hommages père mère frère sœur soeur fils
    fille oncle tante cousin cousine curé abbé évêque maire préfet notaire maître docteur médecin instituteur
    président roi reine prince duc comte marquis capitaine lieutenant sergent général colonel caporal soldat
    république état gouvernement banque église hôtel rue place avenue boulevard quai pont hôpital école université
    société compagnie maison commune mairie ville département canton acte facture quittance reçu doit total remise
    acquitté fait signé nom prénom prénoms date naissance adresse téléphone montant température poids surface prix
    chapitre page folio témoins témoin formulaire demande dieu seigneur noël pâques vierge ciel nord sud est ouest
    midi an année mois jour numéro objet signature né née marié mariée célibataire profession domicile somme loyer
    propriétaire chèque lettre saint sainte haute grande petite
    """
)
_DE = _words(
    """
    fernruf leinweber wittwer memorandum wirtschaftsbuch hochachtungsvoll hochachtungsvollst hochgeehrter geehrter
    geehrte verehrter lieber liebe lieben teurer theurer ergebenst ergebener gehorsamst untertänigst unterthänigst
    gestern heute morgen wegen seit während nachdem bevor damit denn doch auch noch schon nur sehr viel alle alles
    jeder jede mein meine meiner unser unsere unserer deine deinen deinem ihnen euch euer eure uns mir dir ihm man es
    so da dort hier nun also am im vom zum zur beim unterzeichneter unterzeichnete getauft getraut gestorben begraben
    geboren geb gest hiermit anbei betr betrifft bezug herr herrn frau fräulein mutter vater bruder schwester sohn
    tochter eltern onkel tante dein ihr ihre sie er wir ich kaiser könig königin fürst pfarrer pastor hauptmann
    leutnant dampfer meister müllerin bauer markt stadt dorf kirche haus der die das den dem des ein eine und oder
    aber wenn nach von zu aus bei mit name vorname essen halle kiel worms hembder hemden hemd leinwath leinwand
    leinwandt gutsbesitzer baumeister hufner häusler büdner kätner tagelöhner notarius lehrer kapital capital zimmet
    zimt pottasche aufnahme entlassung visite kate kathe schaafe schafe taffent taft spitzen tagebuch courant abtrag
    abzug kohlen beysein beisein wittwe witwe wwe item abträger abträgerin messe kornmesse pfund saldo übertrag summa
    latus einnahme einnahmen ausgabe ausgaben fuhrlohn taglohn tagelohn arbeitslohn zins zinsen miete pacht
    abgerechnet dagegen bleiben verkaufft verkauft entlassen bezahlt erhalten empfangen gezahlt
    """
)
PERSONS = _words(
    """
    guth guthe gute rittergut familie firma gebrüder gebr geschwister witwe wittwe wittib wwe wittfrau magd knecht
    bote boten hirt hirten nachbar nachbars nachbarn vetter base muhme schwager schwägerin neffe nichte großvater
    großmutter oma opa kollege kamerad freund freundin kunde kundin küster bürger bürgers schultheiß schulze vogt
    amtmann notar advokat arzt doktor hebamme schiffer kapitän matrose gefreiter musketier kanonier unteroffizier
    feldwebel wachtmeister hauptmann oberst major rittmeister metzger fleischer schlosser tischler zimmermann maurer
    böttcher büttner sattler wagner drechsler töpfer glaser maler krämer jude konsul wirt wirtin meister gesell
    geselle lehrling student stud cand professor rektor prorektor prorector kantor cantor kaplan dekan superintendent
    probst propst vikar pater schwester mutter köchin amme gevatter gevatterin pate patin paten taufpate zeuge zeugin
    zeugen bergmann bergmanns ackermann einwohner inwohner hausgenoss kapelle hof gut schloss schloß gemeinde stadt
    kreis insel kloster station bahnhof dampfer schiff pfleggericht amtsgericht hopfenbauer farrenhalter altentheiler
    leineweber leinewebers händler viehhändler buchhändler säge pension villa café hotel restaurant
    """
)
"""What a German names a person or a house by, without an article between it and the name."""
PERSONAL = _words(
    """
    frl herren hn gebr jgfr mr mrs ms miss dr mme mlle herr herrn frau fräulein hr hrn fr madame capt captn col lieut
    lt sergt sgt cpl pte maj rev revd prof bailie aunt uncle
    """
)
"""Titles behind which any word with a capital is a name."""
BORN = _words(
    """
    geb geborene geborener geborenen geborne geborner gebohrne gebohrner gebohrnen verwittwete verwitwete genannt née
    """
)
"""What stands before the name that a woman was born with, or the like."""
WORDS_TOO = _words(
    """
    will may mark grace rose art faith hope joy bill frank sue miles prince king pat daisy pearl ivy robin penny job
    christian german
    """
)
"""Given names and other words that are words, too."""
PERSON_ENDINGS = tuple(
    sorted(
        _words(
            """
    verwaltung vereins gesellschaft meister meisters mann händler macher schreiber bauer knecht wirt wirth lehrer
    schneider schmied müller bäcker gärtner schuster diener rat rath besitzer pächter förster weber webers gerber
    richter fabrikant inspektor direktor sekretär assessor meisterin wittwe witwe handlung schreinerei haus verein
    bank mühle ziegelei fabrik brauerei apotheke gasthof pfarrei
    """
        )
    )
)
"""Endings of such words."""
PLACE_ENDINGS = tuple(
    sorted(
        _words(
            """
    hausen weiler ingen kirchen stedt rode walde felde beuren münde büttel heim
    """
        )
    )
)
HOMES = _words(
    """
    altersheim kinderheim waisenheim wohnheim jugendheim ferienheim eigenheim insgeheim
    """
)
"""No common noun without an article ends so, whatever the dictionary holds."""
BEFORE_PLACES = _words(
    """
    great little upper lower nether north south east west new san santa los las fort baton saint port isle cape rio
    puerto mount
    """
)
INITIALISMS = _words(
    """
    ps nb rr us am pm md dc ny ri ac ad sw nw se ne wi nb
    """
)
NAME_LABELS = _words(
    """
    name names nom prénom prénoms vorname nachname namens
    """
)
BEFORE_NAMES = _words(
    """
    from at near named nommé nommée namens
    """
)
BEFORE_TOWNS = _words(
    """
    in nach aus von bei zu bis
    """
)
CALLED = {
    "en": _words(
        """
        son sons daughter daughters wife widow brother sister nephew niece neighbor neighbour servant boy girl negro
        negroe maid friend named called husband infant cook nurse clerk schooner sloop brig barque ship steamer
        """
    ),
    "fr": _words(
        """
        chez impasse chemin auberge hôtel fils fille veuve sieur dame demoiselle époux épouse citoyen citoyenne nommé
        nommée frère sœur soeur oncle tante cousin cousine filleul filleule servante rue boulevard avenue quai
        filature maison famille née dit dite feu navire goélette brick pension hameau lieudit paroisse
        """
    ),
}
"""The same in languages whose nouns are small."""
TRADES = _words(
    """
    shipwright millwright whitesmith goldsmith silversmith clothier tinner cowkeeper cooper taylor tailor smith mason
    miller baker butcher carter turner fletcher tanner weaver glover chandler farmer draper saddler sadler collier
    gardener gardiner fisher fowler hunter shepherd sawyer thatcher tyler tiler wright wheelwright cartwright dyer
    fuller walker porter potter painter plumber glazier glasier joiner carver cutler brewer malster maltster hatter
    hosier mercer grocer skinner currier shoemaker cordwainer husbandman labourer mariner sailor seaman fiddler barber
    broker dubash dealer drover carrier coachman groom ostler victualler vintner innkeeper spinster widow yeoman gent
    gentleman esquire clerk curate vicar schoolmaster surgeon apothecary attorney merchant bookseller printer
    stationer miner pitman quarryman stonemason bricklayer plasterer slater nailer locksmith gunsmith tinker hawker
    pedlar
    """
)
"""What an Englishman is by trade, and others by name."""
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
    der die das dem den des im am zum zur vom beim ins ans aufs ein eine einen einem einer eines kein keine keinen
    keiner mein meine meinen meinem meiner meines dein deine deinen deinem deiner deines sein seine seinen seinem
    seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unsern unserer unserem euer eure euren eurem eurer
    diese dieser dieses diesem diesen jene jener jenes jeder jede jedes jeden jedem alle aller allen allem viele
    vieler vielen manche mancher solche solcher solchen welche welcher welches welchen
    """
    ),
}
"""What a noun has before it and a name has not, by language."""
ARTICLES = {**OWNERS, "en": OWNERS["en"] | _words("the this that these those")}
"""The same where a name may have one, as a river or a ship has."""
NEVER_NAMES = _words(
    """
    sir madam son brother sister father mother friend friends cousin uncle aunt wife husband children gentlemen the
    and of to in i we you he she it they my your his our is was has see yours commanding pd cr esqr yr yrs tbsp tsp rm
    rms recd amt bal acct accts wk wks qty doz nos no mon tues wed weds thurs fri sat sun mondays tuesdays wednesdays
    thursdays fridays saturdays sundays jany feb feby apr apl aug sept octr novr decr oct nov dec xmas item ditto wwe
    gefr schill
    """
)
"""Words that are no names whatever stands before them: `Dr` was also short for `Dear`."""
