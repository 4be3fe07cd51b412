"""The words in which engines talk of a page, in eight languages: data for `metrics.chatter`, which weighs them.

`*` stands for any ending and `_` for a space. A word may be in one group only; the first group that knows it has it.
"""

from __future__ import annotations

from typing import Literal

Group = Literal["task", "offer", "agrees", "reader", "here", "says", "craft", "page", "kind", "somebodys", "plain"]

WORDS: dict[Group, str] = {
    # What nobody says who writes a letter.
    "task": """
        afbeelding* auflösung bild bilder bildes bildqualität bilds crop cropped crops diplomatic escaneo extracted
        extrahiert* extrait extraído* here_you_go hochgeladen* ihr_bild ihrem_bild ihres_bildes image imagem imagen
        imagens images immagin* imágenes line-by-line line_by_line ma_lecture ma_transcription meine_lesung
        meine_transkription mi_lectura my_best-effort my_reading my_transcript my_transcription numérisation ocr
        paleograph* pixel* remainder_of_the_page rest_der_seite rest_of_the_page reste_de_la_page resto_da_página
        resto_de_la_página resto_della_pagina retranscri* résolution scan scanned scans screenshot* su_imagen transcri*
        transkri* trascri* tu_imagen tua_immagine upload* votre_document votre_image your_document your_file your_image
        your_photo your_picture your_scan
    """,
    # What is held out to the one who asked.
    "offer": """
        a_disposizione a_su_disposición a_tu_disposición allemand anglais another_look another_page anything_else
        assistance avísame benötig* bescheid bisogno bitte_beachten_sie changes_or chiedi clarif* clean-up cleaned-up
        cleaned_up clearer convert* corrig* demander deutsch* dime dites-moi do_you_need do_you_want double-check dímelo
        engels englisch* english enjoy español espero espero_que expand* faites falls_sie fammi_sapere fassung feel_free
        format* fragen französ* français french further german gerne_weiter glad_to happy_to higher-* higher_quality
        hope_that hope_this i'd_be_glad i_hope_this ich_hoffe if_anything if_you'd_like if_you_can if_you_have
        if_you_need if_you_want if_you_would_like improve* inglese inglés inglês is_there_anything_else italian italiano
        italien j'espère laat_het lassen_sie latein* latin let_me_know modernis* modernisiert* moderniz* möchten_sie
        n'hésitez_pas nederlands non_esitare other_pages pedir please_let_me português posso proofread* question
        questions quieres revis* sagen_sie se_hai_bisogno se_precisar se_quiser se_vuoi shall_i sharper should_i
        should_you si_desea si_deseas si_necesita si_necesitas si_quiere si_quieres si_vous soll_ich souhait* spanish
        spero_che summari* tot_uw_dienst tradu* traduc* tradui* transcriba translat* try_again verify version* versione
        vertal* voulez wenn_sie wenst weten would_you_like wünsch* your_project your_purposes your_records your_request
        your_research your_work zur_verfügung à_disposição à_votre_disposition übersetz* übertrag*
    """,
    # That the one who asked is obeyed.
    "agrees": """
        absolutely all_right alright as_requested bien_entendu bien_sûr certainly certamente certo claro claro_que_sí
        com_certeza con_gusto con_piacere d'accord gern gerne gladly got_it great_question klar met_genoegen
        mit_vergnügen natuurlijk natürlich of_course ok okay por_supuesto selbstverständlich sure sure_thing
        thank_you_for thanks_for understood
    """,
    # The one who reads, at work.
    "reader": """
        as_best_i_can as_i_read as_read based_on best_attempt bin_ich carefully close_look consegui do_my_best
        done_my_best examin* for_you habe_ich he_conservado he_mantenido he_marcado he_podido ho_conservato ho_mantenuto
        i'll i'm i'm_going_to i'm_not i've i_am_not i_believe i_can i_can't i_can_see i_cannot i_could i_could_not
        i_couldn't i_get i_have i_kept i_left i_read i_see i_think i_was_able_to i_was_not i_was_unable i_wasn't i_will
        ich_bin ich_habe ich_kann ich_werde ik_heb ik_kan j'ai je_peux je_vais je_vous_propose konnte let's let_me
        look_at looking_at mantive mir my_best my_best_attempt posso_leggere puedo que_he shar* the_user_wants
        to_the_best_of_my_ability voy_a
    """,
    # That something comes.
    "here": """
        a_continuación a_seguir abaixo als_volgt aqui aquí as_follows below ci-dessous di_seguito dies_ist ecco esta_es
        este_es folgend* folgt follow following follows he_aquí here here's here_are here_is here_it_is hier hieronder
        im_folgenden segue seguente seguenti seguinte seguono sigue siguiente* so_wie suivant* this_is voici volgt
        what's what_follows wie_folgt
    """,
    # That it stands there.
    "says": """
        aparece apparaît appear appears bevat contains contiene contient contém dice displays dit diz enthält it_is
        lautet luidt montre mostra muestra presenta reads says seems shows staat states steht zeigt zu_sehen
    """,
    # Reading and its difficulties; a writer may say one of these too.
    "craft": """
        abbrev* abbreviazion* abgeschnitten abgeschrieben* abkürzung* abreviatur* abreviatura* abréviation* abschrift
        abschriften accenti accents accura* acentos afkorting* alcune alcuni algumas algunas alignment also_possible
        ambigu* analysis angle anmerkung* annot* apagad* appear_to_be appears_to_be approximate* approximative aprecia*
        archaic as_it_appears as_written assinatura attempt attempts ausgeblichen background behouden beibehalten
        best-effort best_effort best_guess best_guesses best_reading biffé* blank bled bleed* bleed-through blur* bord
        borros* bracket* buchstaben* buchstabengetreu calidad caligrafia caligrafía calligrafia cancellat* capitali*
        capitals careful* caveat* certain certain* chiar* clair* claramente claridad claro_de clear clearly clipped
        closely comment commentary comments complete_transcription confiden* confidence_level conserv* considerations
        consistent continuation continue continues corchetes corner corners correct* corrected corrections cortad*
        could_also could_be coupé* cramped crease* crisp crochets cross-check* crossed crossed-out cursive cut_off
        d'origine damaged dattil* de_leer decifr* deciph* decipherable deletion* descifr* desvaíd* details diacritics
        difficile* difficiles difficili difficult difícil* difíciles discern* discernible disclaimer distingue*
        distinguer distinguere distinguible* distinguir doorgehaald* doubtful doute douteu* dubbi* duda dudos* duidelijk
        durchgestrichen* déchiffr* dúvida* easy edge effacé* eindeutig einige einzelne entziff* ergänzung* erkennbar
        erkennen erreur* errores errori errors erros escrita escritura* everything_else exactly_as extract extracting
        fade* faint* faithful* fedele fedelmente fehler fehlerhaft fidèle* fidèlement fiel fielmente figures firma flou*
        folded formatting fouten fragezeichen gekennzeichnet gelesen gelezen gist grafia grammar graphie
        groß-_und_kleinschreibung großschreibung guess* handgeschreven handgeschrieben* handschrift* handtekening
        handwrit* hard_to hard_to_make_out hard_to_read hasty high hinweis* hyphenat* hyphenation ilegible* ilegíveis
        ilegível illeggibil* illegib* illegibility illegible illisible* inaccura* incert* incertain* inciert* incomplete
        inconsistent incorrect* indecipherable indicat* ink inkt insert* interpretation interpunctie interpunktion
        klammern kleiner korrekt korrekturen krakelig kurrent* lacun* lacune lacunes lagunas layout lecture lee leen
        leer lees leesbaar* leesfout* leestekens legend leggere leggibil* legib* legibility legible* legibles legíveis
        legível ler lesarten lesbar* lesbarkeit lese lesen leserlich* less_certain lesung* letteral* letto lettura lezen
        line_break line_breaks lire lisible* literal literalmente littéral* looks_like loops low low_resolution
        lowercase lu lücken maintain* maiuscole majuscules make_out manoscritt* manuscrit* manuscrito* margem margen
        margin* marginal* margine marked marker markers markiert may_be mayúsculas medium might_be misread missing
        misspell* mistakes moderate modern moeilijk mot_à_mot my_attempt my_best_effort my_best_guess my_best_reading
        my_confidence my_interpretation möglich neat neatly no_additional no_further no_other not_certain not_fully
        not_legible not_sure not_visible nota notas notation* note note* notes nothing_else obscure* observ* observaç*
        omitted onduidelijk* onleesbaar* oorspronkelijk* open_to opmerking* original original* originals originel*
        orthographe ortografia ortografía ortográf* overlap* overwritten paragraphs parcial* partial* partly pencil
        penmanship period-typical peu_lisible* placeholder* poco ponctuation pontuação possible postscript pouco
        preserv* previous probable punctuation punteggiatura puntuación qualidade quality qualità qualität qualité
        quelle quelques question_mark question_marks rand raturé* raw read readable reading readings rechtschreibung
        regelafbrekingen reliabl* remain* remark remarks remarque* remplac* render* rendering reproduc* reproduced
        respect* ripped riscad* saltos_de_línea same_hand sauber sauts_de_ligne sbiadit* schreibweise* schrift schwer*
        script scritta scrittura* seem_to_be seems_to_be sentence sentences sicher signalé* signature* silently slant*
        sloppy smear* smudge* sommige spacing spell* spelling spelling_is stain* stamp standardised standardized stelle
        stellen stretch strike-throughs strikethrough* struck superscripted superscripts tachad* taché* tagliat*
        teilweise tentative tenue tidy tinta torn tough transcriber* treat trimmed truncated typed typical unaltered
        uncertain* uncertain_words uncertaint* unchanged unclear uncorrected underlin* underlined underlining
        undeutlich* unfinished ungewiss unklar* unleserlich* unreadable unscharf unsicher* unsure unterschrift verbatim
        verblasst* verkeerd verschwommen vervaagd* verwaschen verwischt visible vlekken water-damaged wiedergegeben
        word-for-word worn wort wortgetreue writing zeichensetzung zeilen zeilenumbr* zweifelhaft écriture*
    """,
    # What an engine calls what it looks at.
    "page": """
        blatt character characters contenido content contents contenu contenuto conteúdo date dates document* documento*
        dokument* entries entry inhalt inhoud letra letras lettere letters ligne* line lines línea* manuscript
        manuscrito material mot mots name namen names nombres nomes nomi noms page pages pagina palabra palabras
        palavras parola parole part partes parties parts passage passages portion portions página section sections seite
        spot spots tekst testo text text's texte texto texts woorden word words wörter wörtern zeile*
    """,
    # What it may say the page is, or shows.
    "kind": """
        acta acte akte amount ata atto baptismal biglietto bilhete billet border brief briefes briefkaart briefs card
        carta certificate civil column columns containing cursive_letter d'état dagboek decorative deed depicting design
        diario diary diário document_type dokumente drawing eintrag emblem engraving envelope excerpt featuring footer
        foto fotografie fotografía fotos header heading illustration invoice journal kirchenbuch* kirchenbucheintrag*
        language ledger letter lettera letterhead lettre marking markings marks memo memorandum notiz notizen ornate
        photo photograph photographs photos picture portrait postal postcard postkarte* quittung* receipt receita recept
        receta recette recibo recipe record register registo registre registro report rezept* reçu ricevuta schreiben
        seal sketch tagebuch* telegram_form urkunde* watermark will
    """,
    # Whose word it is: a letter is somebody's, a remark nobody's.
    "somebodys": """
        dein* dich dir he her him his ihr ihre ihrem ihren loro mein* mes meu mi mia miei mijn mine minha mio mis mon my
        notre nous nuestr* onze our she sus ta tes teu thee thy ton tua tuo tus uns unser* us uw vos vostro votre we wir
        your yours
    """,
    # What any sentence is made of.
    "plain": """
        18th-century 19th-century a aan abbia aber ability able about above according according_to accuracy achter ad
        add adding additional afin after again against ahora ai aider ainda ainsi aiut* ajud* al algo algum alguma
        alguno alguns all alla alle alleen allemaal allerdings alles allo along alors als als_auch also although altijd
        altra altre altri altro always além am ambos among an anche ancora and ander andere another ante antes any
        anything ao aos apenas apologise apologize après após aquel aquela aquele aqueles aquella aquello aquilo
        aquí_tienes are aren't around as assez assim assist así at attached até au auch aucun aucune auf aufgrund aunque
        aus aussi autre autres aux avant avec avere aveva avoir avuto away ayud* back bajo based be be_able beaucoup
        became because because_of become becomes been before begin beginning begins bei beim being bem bene besoin
        besonders better between bien bij bin binnen bis bist bit bitte both bottom boven buiten but by bzw c c'est cabe
        cada can can't cannot car casi causa cause ce ceci cela cela_vous celle celles celui center century cerca
        certains ces cet cette ceux chacun change changes chaque che chez chi ci ci_sono ciò coi col com come comes
        comme como complet completa complete con conmigo contain contener contenere contenir contra contro contudo così
        could couldn't couple cual cuales cualquier cuando cuanto cui d da daar daarom dabei dadurch dafür dagegen dagli
        daher dai dal dalla dalle damit dan danach dann dans darauf darin das dass dat dated davon dazu de debido degli
        dei del del_todo dela dele deles dell della delle dello dem demandée demás den denn dentro depois depuis der
        deren dernier derniers dernière dernières des desde después dessa desse dessen desta deste detected deux devant
        deve devem deze di did didn't die dies diese dieselbe diesem diesen dieser dieses disso diverse do doch doen
        does doesn't doing don't donc donde done dont door dopo dort dos dove down dritten du due dues durante durch
        during dus déjà dû e each echter ed een eens eerst eerste egli eighteenth eighteenth-century ein eine einem
        einen einer eines einigen einmal either el ela elas ele eles elk elke ella ellas elle elles ellos else em embora
        en encima encore end ending ends enige enkele enough enquanto ensemble enthalten entire entre er era eran erano
        eres ergens ersten es esa esas escrito ese eso esos essa essas esse essere esses essi est esta estaba estar
        estas estava este estes esto estos está está_algo están estão et etc etwa etwas eu eux even ever every
        everything exact exactly extremely fa faire fairly fait far fatto few fin final fino first five foi fois
        followed font for foram forse found four fra from fu fue fueron full fully für gaan ganz gave geben gedaan geen
        gegeben gegen gemacht gemäß genannt genau geschreven geschrieben get geweest gewesen gezeigt gibt give given
        gives già gli go goed goes going gone good got größtenteils gut ha hab habe haben haber había hacer had hadden
        hai han handful hanno has hasta hat hatte hatten have having hay heb hebben heeft hele helemaal helfe* help
        helped helpful helps hemos het het_hele hierbij higher hij hilf* hin hinter historical ho hoe hors how however
        há i ich ici ieder iedere iemand iets if ihnen ik il il_y_a ils im important in including incluso indeed indem
        infelizmente ins insbesondere insgesamt instead into intégrale io is isn't isso ist isto it it's item its itself
        ja je jede jedem jeden jeder jedes jedoch jener jetzt jusqu just já kan kann kaum keep keeps kein keine keinem
        keinen keiner kept key komen kon konden konnten kunnen können könnte könnten l l' la laatste lamentablemente
        laquelle large las lassen last laut le least lediglich left lei leicht leider lequel les less let letzte letzten
        letzter leur lhe lhes like likely little lo look looked looks lors lorsque los lower luego lugar lui lässt
        légèrement ma maar made mais make maken makes mal malheureusement manche manchem manchen mancher many mark mas
        may maybe me mediante meer meest mehr mehreren mehrfach meist men meno menos mentre mesma mesmo met mi_dispiace
        mich mid-sentence middle mientras might mij military misma mismo misschien mit model moet moeten moins molto
        more most much mucha muchas mucho muchos muita muitas muito muitos muss must muy más même mêmes möchten müssen
        n't na naar nach nach_dem nada nas ne near necessary need need_to needed needs negli nei neither nel nell nella
        nelle nem nenhum nenhuma nessun nessuna never next ni nicht nicht_mehr nichts niet niet_helemaal niet_meer niets
        nineteenth nineteenth-century ninguna ninguno no noch nog noi nombre non non_riesco none nor nos nosotros not
        nothing now nu num numa number nun nuova nur não nós o ob oder of of_the off often ogni ognuno ohne old om omdat
        on once ondanks onde onder one ones only ont onto ook op oppure or ora os other otherwise otra otras otro otros
        ou ought out output outra outras outro outros over overall owing own où par para parce parece parecen parfois
        parte parti pas pela pelas pelo pelos pendant per perché perhaps permanecen pero personal però peu peut
        peut-être peuvent più plain please plupart plus plusieurs pocos pode podem poder podido podría podrían poi por
        porque porém posible possibly possono potrebbe potrebbero poucos pour pourquoi pourraient pourrait prefer
        premier première prima primera primero produce produced propose provide provided providing près própria próprio
        pude pudo pueda puedan puede pueden pues puis pure purtroppo put può qu qu'il qua qual qualche qualcosa quale
        quali quand quando quanti quanto quase quasi que quedan quel quella quelles quelli quello quelque quels quem
        questa queste questi questo qui quien quienes quindi quite quizás quoi qué rather really recognised recognized
        reeds request require rest restano reste restent resto result results right rimangono sa said same sans sarà
        savoir say saying schon scritto se sea second secondo see seem seemed seen segundo según sehr sei sein seit seja
        selbst selon sem semble semblent sempre senza ser sera será ses several shall should shown si sia siano sich
        side sides sido sie siempre sin since sind sinds sino sinon slecht slechts small so sob sobald sobre soit solche
        solchen soll sollte sollten solo some something sometimes somewhat somit son sondern sono sonst sont soon sopra
        soprattutto sorry sotto sous soweit sowie sowohl stand stands start started starts stata state stati stato
        steeds still su sua such sui sul sull sulla sulle sur são sí só sólo take taken tal talvez también também tan
        tandis tant tanto te tegen teil teile tel tell telle telles tels tem ten tendo tener tengo ter terwijl teve than
        thank thanks that that's the their them then there there's these they thing things think third this those though
        thought three through throughout thus ti tiene tienen tienes to toch toda todas todo todos toen together too
        took top tot toujours tous tout toute toutes toward towards tra tras trop troppo try try_to très tudo tun tussen
        tutta tutte tutti tutto two têm u uit ultima ultime ultimi ultimo um uma umas un una unable unable_to unas und
        under une unfortunately unless uno unos unter until up upon upper use used user using usted ustedes usually
        utile utili va vaak van vanaf varias varios veel vele verder vers verso very vi via vielleicht view você voi
        voir volgens vollständig* vom von voor vooral vor vous vu vários waar waarbij waarom wanneer want war waren
        warum was wasn't wat way we're weder weer wegen weil weiter wel welche welchem welchen welcher welke well wenig
        wenige wenn went wer werd werde werden were weren't what whatever when where whether which while who whole whom
        why wie wieder wij wil wird wissen with within without wo wobei won't worden words_of wordt work would wouldn't
        written wurde wurden während würde würden y ya yet you zal ze zeer zelf zich zij zijn zijn_er zo zoals zonder
        zou zu zullen zum zur zwar zweiten zwischen à è é écrit également était été être última últimas último últimos
        útil útiles über übernommen
    """,
}
